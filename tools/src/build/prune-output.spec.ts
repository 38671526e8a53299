import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pruneOutput } from './prune-output.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tollgate-build-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
}

it('removes what was emitted for a deleted source and keeps the rest', () => {
  write('libs/x/src/kept/a.ts', 'libs/x/src/data.json');
  const kept = [
    'libs/x/dist/kept/a.js',
    'libs/x/dist/kept/a.d.ts',
    'libs/x/dist/kept/a.js.map',
    'libs/x/dist/data.json',
  ];
  const gone = ['libs/x/dist/gone/b.d.ts', 'libs/x/dist/gone/b.js', 'libs/x/dist/gone/b.js.map'];
  write(...kept, ...gone, 'libs/x/dist/.tsbuildinfo');

  expect(pruneOutput(root, 'libs/x').sort()).toEqual(gone);
  expect(kept.every((path) => existsSync(join(root, path)))).toBe(true);
  expect(existsSync(join(root, 'libs/x/dist/.tsbuildinfo'))).toBe(true);
});

it('does nothing for a project that was never built', () => {
  write('libs/x/src/index.ts');
  expect(pruneOutput(root, 'libs/x')).toEqual([]);
});
