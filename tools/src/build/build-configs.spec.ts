import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findStale, renderBuildConfigs, writeFiles } from './build-configs.ts';

const projects = [
  { name: '@tollgate/iam', folder: 'apps/iam', uses: ['@tollgate/auth', '@tollgate/contracts'] },
  { name: '@tollgate/auth', folder: 'libs/auth', uses: ['@tollgate/contracts', '@tollgate/not-emitted'] },
  { name: '@tollgate/contracts', folder: 'libs/contracts', uses: [] },
];

interface BuildConfig {
  readonly references: readonly { readonly path: string }[];
}

async function referencesOf(path: string): Promise<string[]> {
  const file = (await renderBuildConfigs(projects)).find((candidate) => candidate.path === path);
  return (JSON.parse(file?.text ?? '') as BuildConfig).references.map((reference) => reference.path);
}

describe('renderBuildConfigs', () => {
  it('references what a project declares and this build emits', async () => {
    expect(await referencesOf('apps/iam/tsconfig.build.json')).toEqual([
      '../../libs/auth/tsconfig.build.json',
      '../../libs/contracts/tsconfig.build.json',
    ]);
    expect(await referencesOf('libs/auth/tsconfig.build.json')).toEqual(['../contracts/tsconfig.build.json']);
    expect(await referencesOf('libs/contracts/tsconfig.build.json')).toEqual([]);
  });

  it('names every project in the configuration of the whole', async () => {
    expect(await referencesOf('tsconfig.build.json')).toEqual([
      './apps/iam/tsconfig.build.json',
      './libs/auth/tsconfig.build.json',
      './libs/contracts/tsconfig.build.json',
    ]);
  });
});

describe('findStale', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'tollgate-build-'));
  });

  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it('finds files that are missing or differ, and none once they are written', () => {
    const file = { path: 'tsconfig.build.json', text: '{}\n' };
    expect(findStale(root, [file])).toEqual([file]);
    writeFiles(root, [{ ...file, text: '{ }\n' }]);
    expect(findStale(root, [file])).toEqual([file]);
    writeFiles(root, [file]);
    expect(findStale(root, [file])).toEqual([]);
  });
});
