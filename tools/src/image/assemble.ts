import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { type RuntimePackage, runtimePackages } from './packages.ts';

/** Of no use to a running program: types, maps, build records, and what only tests import. */
const LEFT_OUT = /(?:\.d\.[cm]?ts|\.map|\.tsbuildinfo|\.spec\.js|\.int-spec\.js)$/;

/**
 * Lays out the file system of one app's image in `target`: the app, the libraries and the third-party packages that it needs when it
 * runs, at the paths that they have in the repository. The repository must be installed and built.
 */
export function assembleApp(root: string, app: string, target: string): RuntimePackage[] {
  const folder = join('apps', app);
  if (!existsSync(join(root, folder, 'dist'))) throw new Error(`${folder} is not built: npm run build`);
  const packages = runtimePackages(root, folder);
  for (const { name, folder: from, isWorkspace } of packages) {
    if (isWorkspace) copyWorkspace(root, from, target);
    else copyTree(join(root, from), join(target, from));
    if (isWorkspace) link(join(target, from), join(target, 'node_modules', name));
  }
  return packages;
}

function copyWorkspace(root: string, folder: string, target: string): void {
  for (const part of ['package.json', 'dist', 'bin']) {
    if (existsSync(join(root, folder, part))) copyTree(join(root, folder, part), join(target, folder, part), 'testing');
  }
}

/** Nested `node_modules` are packages of their own and come when they are needed. */
function copyTree(from: string, to: string, ...folders: readonly string[]): void {
  const leftOut = new Set(['node_modules', ...folders]);
  cpSync(from, to, {
    recursive: true,
    filter: (source) => source === from || (!leftOut.has(basename(source)) && !LEFT_OUT.test(source)),
  });
}

function link(folder: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(relative(dirname(path), folder), path);
}
