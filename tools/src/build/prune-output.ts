import { existsSync, globSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const EMITTED = /(?:\.d\.ts|\.js|\.js\.map|\.json)$/;

/**
 * Removes what an earlier build emitted for sources that are gone, so that nothing can import a deleted module. Returns
 * the removed paths, relative to the repository.
 */
export function pruneOutput(root: string, folder: string): string[] {
  const dist = join(root, folder, 'dist');
  const orphans = globSync('**/*.{js,map,ts,json}', { cwd: dist }).filter(
    (file) => !hasSource(join(root, folder, 'src'), file),
  );
  for (const file of orphans) rmSync(join(dist, file));
  return orphans.map((file) => join(folder, 'dist', file));
}

function hasSource(sourceFolder: string, emitted: string): boolean {
  const stem = join(sourceFolder, emitted.replace(EMITTED, ''));
  return existsSync(`${stem}.ts`) || existsSync(`${stem}.json`);
}
