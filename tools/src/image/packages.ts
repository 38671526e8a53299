import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** A package that a program needs when it runs. */
export interface RuntimePackage {
  readonly name: string;
  /** Real folder relative to the repository: `libs/auth` or `node_modules/pg`. */
  readonly folder: string;
  /** Whether it is one of this repository's workspaces, linked into `node_modules`. */
  readonly isWorkspace: boolean;
}

interface Manifest {
  readonly name: string;
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly peerDependenciesMeta?: Record<string, { readonly optional?: boolean }>;
}

/**
 * The workspace in `folder` and everything that it needs when it runs, found as Node finds it in the installed tree. npm cannot say
 * this: to it every workspace is a production dependency, also one that only tests use.
 * @throws Error when a package that is needed is not installed.
 */
export function runtimePackages(root: string, folder: string): RuntimePackage[] {
  const found = new Map<string, RuntimePackage>();
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    const manifest = readManifest(root, next);
    found.set(next, { name: manifest.name, folder: next, isWorkspace: !next.includes('node_modules') });
    waiting.push(...neededBy(root, next, manifest));
  }
  return [...found.values()].sort((a, b) => a.folder.localeCompare(b.folder));
}

function neededBy(root: string, folder: string, manifest: Manifest): string[] {
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
  const isOptional = (name: string): boolean =>
    name in optionalDependencies || peerDependenciesMeta[name]?.optional === true;
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }).flatMap((name) => {
    const installed = findInstalled(root, folder, name);
    if (installed === undefined && !isOptional(name)) throw new Error(`${name}, needed by ${folder}, is not installed`);
    return installed ?? [];
  });
}

function findInstalled(root: string, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(root, folder, 'node_modules', name);
    if (existsSync(candidate)) return relative(realpathSync(root), realpathSync(candidate));
    if (folder === '.') return undefined;
  }
}

function readManifest(root: string, folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
}
