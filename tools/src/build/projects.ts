import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A workspace that the TypeScript build emits. */
export interface Project {
  /** Package name: `@tollgate/engine`. */
  readonly name: string;
  /** Folder relative to the repository: `libs/engine`. */
  readonly folder: string;
  /** Names of the packages of this repository that it may import, tests' ones included. */
  readonly uses: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

const OWN_SCOPE = '@tollgate/';

/** All libraries and apps written in TypeScript alone, by folder; those with a Vite configuration build themselves. */
export function listProjects(root: string): Project[] {
  return globSync('{libs,apps}/*/package.json', { cwd: root })
    .map(dirname)
    .filter(
      (folder) =>
        ['index.ts', 'main.ts'].some((entry) => existsSync(join(root, folder, 'src', entry))) &&
        !existsSync(join(root, folder, 'vite.config.ts')),
    )
    .sort()
    .map((folder) => readProject(root, folder));
}

function readProject(root: string, folder: string): Project {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
  const uses = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  return { name: manifest.name, folder, uses: uses.filter((name) => name.startsWith(OWN_SCOPE)).sort() };
}
