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
  readonly nx?: { readonly tags?: readonly string[] };
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

const OWN_SCOPE = '@tollgate/';

/** All libraries and apps written in TypeScript alone, by folder; front-ends build by Vite. */
export function listProjects(root: string): Project[] {
  return globSync('{libs,apps}/*/package.json', { cwd: root })
    .map(dirname)
    .filter(
      (folder) =>
        ['index.ts', 'main.ts'].some((entry) => existsSync(join(root, folder, 'src', entry))) &&
        !isBuiltByVite(root, folder),
    )
    .sort()
    .map((folder) => readProject(root, folder));
}

/** Front-ends and what they are made of; see web-apps.ts. */
function isBuiltByVite(root: string, folder: string): boolean {
  const { nx } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
  return nx?.tags?.some((tag) => tag.startsWith('type:web-')) ?? false;
}

function readProject(root: string, folder: string): Project {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
  const uses = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  return { name: manifest.name, folder, uses: uses.filter((name) => name.startsWith(OWN_SCOPE)).sort() };
}
