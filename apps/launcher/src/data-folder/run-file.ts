import { renameSync, writeFileSync } from 'node:fs';
import { runFile } from '@tollgate/contracts/runtime';
import type { RunFile } from '@tollgate/contracts/runtime';

/** Replaces `run.json` as a whole: a reader sees the old text or the new one. */
export function writeRunFile(path: string, content: RunFile): void {
  const aside = `${path}.new`;
  writeFileSync(aside, `${JSON.stringify(runFile.parse(content), undefined, 2)}\n`, { mode: 0o600 });
  renameSync(aside, path);
}
