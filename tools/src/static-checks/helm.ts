import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { root } from './repository.ts';

const VERSION = 'v3.22.0';
const folder = join(homedir(), '.cache/tollgate', `helm-${VERSION}`);
const binary = join(folder, 'helm');
/** The Kubernetes that charts are rendered for; a Helm built from source knows none of its own. */
const KUBERNETES = '1.33.0';

const kubernetesObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});

/** An object as Kubernetes would get it. */
export type KubernetesObject = z.output<typeof kubernetesObject>;

/**
 * Builds the pinned Helm unless an earlier run did; the first time takes minutes.
 * @throws Error saying what to install.
 */
export function prepareHelm(): void {
  if (existsSync(binary)) return;
  const building = join(folder, 'building');
  mkdirSync(building, { recursive: true });
  const { error, status } = spawnSync('go', ['install', `helm.sh/helm/v3/cmd/helm@${VERSION}`], {
    env: { ...process.env, GOBIN: building },
    stdio: 'inherit',
  });
  if (error !== undefined)
    throw new Error('Helm is built with Go 1.26 or newer: apt-get install golang-go', { cause: error });
  if (status !== 0) throw new Error(`Helm ${VERSION} could not be built`);
  renameSync(join(building, 'helm'), binary);
}

/** The findings of `helm lint --strict`; empty when there are none. */
export function lintChart(chart: string): string {
  const { status, stdout, stderr } = helm(['lint', '--strict', '--quiet', join(root, chart)]);
  return status === 0 ? '' : `${stdout}${stderr}`;
}

/** What a chart renders to. @throws Error with Helm's words. */
export function renderChart(chart: string, settings: readonly string[]): KubernetesObject[] {
  const values = settings.flatMap((setting) => ['--set', setting]);
  const { status, stdout, stderr } = helm([
    'template',
    'test',
    join(root, chart),
    '--namespace',
    'tollgate',
    ...values,
  ]);
  if (status !== 0) throw new Error(stderr);
  return parseAllDocuments(stdout).flatMap((document) =>
    document.contents === null ? [] : [kubernetesObject.parse(document.toJS())],
  );
}

function helm(args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(binary, [...args, '--kube-version', KUBERNETES], { encoding: 'utf8' });
}
