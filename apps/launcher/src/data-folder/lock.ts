import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { commandLineOf } from '@tollgate/embedded';

/** Another launcher uses the data folder. */
export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse';

  constructor(folder: string, holder: number) {
    super(
      `Tollgate is running already with the data in ${folder} (process ${holder}). Stop it first, or set TOLLGATE_DATA_DIR.`,
    );
  }
}

/** The lock belongs to a live process whose command line holds this: that of every launcher, as its source's path does. */
const LAUNCHER = 'launcher';

/**
 * Takes the lock of a data folder for this process and returns how to give it back. A lock whose process is gone, or
 * whose id a stranger has now, is taken over. Throws {@link DataFolderInUse}.
 */
export function takeLock(file: string, marker = LAUNCHER): () => void {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, `${process.pid}\n`);
  try {
    if (!tryLink(own, file)) takeOver(own, file, marker);
  } finally {
    rmSync(own);
  }
  return () => rmSync(file, { force: true });
}

/** A link appears with its content and fails when the name exists: of two starts at once, one succeeds. */
function tryLink(own: string, file: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function takeOver(own: string, file: string, marker: string): void {
  const holder = Number.parseInt(readFileSync(file, 'utf8'), 10);
  if (commandLineOf(holder).includes(marker)) throw new DataFolderInUse(dirname(file), holder);
  rmSync(file, { force: true });
  if (!tryLink(own, file)) throw new DataFolderInUse(dirname(file), Number.parseInt(readFileSync(file, 'utf8'), 10));
}
