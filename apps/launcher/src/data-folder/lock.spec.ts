import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFolderInUse, takeLock } from './lock.ts';

/** The command line of the test runner holds this. */
const OWN_MARKER = 'node';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-lock-'));
  file = join(folder, 'launcher.pid');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('takeLock', () => {
  it('refuses while a live launcher holds it, and names it', () => {
    takeLock(file, OWN_MARKER);
    expect(() => takeLock(file, OWN_MARKER)).toThrow(DataFolderInUse);
    expect(() => takeLock(file, OWN_MARKER)).toThrow(`process ${process.pid}`);
    expect(readdirSync(folder)).toEqual(['launcher.pid']);
  });

  it('can be taken again after it was given back', () => {
    takeLock(file, OWN_MARKER)();
    expect(existsSync(file)).toBe(false);
    expect(() => takeLock(file, OWN_MARKER)).not.toThrow();
  });

  it('takes over from a launcher that is gone', () => {
    writeFileSync(file, '4194304999\n');
    expect(() => takeLock(file, OWN_MARKER)).not.toThrow();
  });

  it('takes over when a stranger has the id of the launcher that wrote it', () => {
    writeFileSync(file, `${process.pid}\n`);
    expect(() => takeLock(file, 'no command line holds this text')).not.toThrow();
  });

  it('takes over a file that a crash left empty', () => {
    writeFileSync(file, '');
    expect(() => takeLock(file, OWN_MARKER)).not.toThrow();
  });
});
