import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { dataFolderAt, forgetData, makeDataFolder } from './data-folder.ts';

let parent: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'tollgate-data-'));
});

afterEach(() => {
  rmSync(parent, { recursive: true });
});

it('keeps keys from other users', () => {
  const folder = dataFolderAt(join(parent, 'data'));
  makeDataFolder(folder);
  expect(statSync(folder.keys).mode & 0o077).toBe(0);
});

it('forgets everything that it made', () => {
  const folder = dataFolderAt(join(parent, 'data'));
  makeDataFolder(folder);
  forgetData(folder);
  expect(existsSync(folder.root)).toBe(false);
});

it('leaves files alone that are not its own', () => {
  const folder = dataFolderAt(parent);
  makeDataFolder(folder);
  writeFileSync(join(parent, 'letter.txt'), 'mine');
  forgetData(folder);
  expect(readdirSync(parent)).toEqual(['letter.txt']);
});
