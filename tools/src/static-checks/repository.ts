import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** Root of the repository. */
export const root = join(import.meta.dirname, '../../..');

/** Text of a file of the repository. */
export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Content of a YAML or JSON file of the repository, merge keys resolved. It is for the caller's schema to say what it is. */
export function readData(path: string): unknown {
  return parse(readText(path), { merge: true }) as unknown;
}
