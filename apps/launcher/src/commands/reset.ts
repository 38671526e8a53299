import { existsSync } from 'node:fs';
import { readConfig } from '../config.ts';
import { dataFolderAt, forgetData } from '../data-folder/data-folder.ts';
import { takeLock } from '../data-folder/lock.ts';

/** `npm run reset`: forgets all data of the embedded form; refuses while it runs. */
export async function reset(): Promise<void> {
  const folder = dataFolderAt(readConfig().TOLLGATE_DATA_DIR);
  if (!existsSync(folder.root)) {
    process.stdout.write(`There is no data in ${folder.root}.\n`);
    return;
  }
  for (const lock of [folder.lockFile, folder.kafkaLockFile]) takeLock(lock);
  forgetData(folder);
  process.stdout.write(`Forgot the data in ${folder.root}.\n`);
}
