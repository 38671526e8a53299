import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** The front-ends, and all that their bundles are made of. */
const webApps = ['apps/console', 'apps/portal'];
const shared = ['libs/ui', 'libs/client'];

const STAMP = 'dist/.inputs';
const COMPRESSED = '**/*.{js,css,svg,json}';

/** Bundles each front-end whose sources changed since its last bundle, with a compressed copy beside each file. Returns an exit code. */
export function buildWebApps(root: string): number {
  for (const folder of webApps) {
    const inputs = hashInputs(root, folder);
    if (readIfPresent(join(root, folder, STAMP)) === inputs) continue;
    rmSync(join(root, folder, 'dist'), { recursive: true, force: true });
    const vite = join(root, 'node_modules/vite/bin/vite.js');
    const { status } = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
      cwd: join(root, folder),
      stdio: 'inherit',
      // What is shipped never depends on who asked for it: test runners set `test`.
      env: { ...process.env, NODE_ENV: 'production' },
    });
    if (status !== 0) return status ?? 1;
    compressAll(join(root, folder, 'dist'));
    writeFileSync(join(root, folder, STAMP), inputs);
  }
  return 0;
}

/** One value for everything that goes into the bundle: sources by content, packages by the lock file. */
function hashInputs(root: string, folder: string): string {
  const patterns = [folder, ...shared].flatMap((project) => [
    `${project}/src/**/*`,
    `${project}/{public,vite}/**/*`,
    `${project}/{package.json,index.html,vite.config.ts}`,
  ]);
  const hash = createHash('sha256');
  for (const path of [...globSync(patterns, { cwd: root }).sort(), 'package-lock.json']) {
    if (!statSync(join(root, path)).isFile()) continue;
    hash.update(`${path}\n`).update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
}

function compressAll(dist: string): void {
  for (const path of globSync(COMPRESSED, { cwd: dist })) {
    const content = readFileSync(join(dist, path));
    writeFileSync(join(dist, `${path}.gz`), gzipSync(content, { level: 9 }));
    writeFileSync(
      join(dist, `${path}.br`),
      brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
    );
  }
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
