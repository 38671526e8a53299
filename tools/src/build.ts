import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findStale, renderBuildConfigs, writeFiles } from './build/build-configs.ts';
import { listProjects } from './build/projects.ts';
import { pruneOutput } from './build/prune-output.ts';
import { buildWebApps } from './build/web-apps.ts';

/**
 * `npm run build`: brings the projects' build configurations up to date and compiles what is stale with the native
 * TypeScript compiler, then bundles the front-ends that are stale. With `--check` it only fails when a committed build configuration does not follow its package.json.
 */
const root = join(import.meta.dirname, '../..');
const projects = listProjects(root);
const stale = findStale(root, await renderBuildConfigs(projects));

if (process.argv.includes('--check')) {
  for (const { path } of stale) process.stderr.write(`${path} is stale: run npm run build and commit it\n`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  writeFiles(root, stale);
  for (const { folder } of projects) pruneOutput(root, folder);
  const compiler = join(root, 'node_modules/typescript-native/bin/tsc');
  const { status } = spawnSync(process.execPath, [compiler, '-b', join(root, 'tsconfig.build.json')], {
    stdio: 'inherit',
  });
  process.exitCode = status === 0 ? buildWebApps(root) : (status ?? 1);
}
