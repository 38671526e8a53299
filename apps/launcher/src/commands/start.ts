import { join } from 'node:path';
import { runToEnd } from '@tollgate/embedded';
import { readConfig } from '../config.ts';
import { greeting, readDemoFile } from '../console/greeting.ts';
import { createProgress } from '../console/progress.ts';
import { stopRequest } from '../console/stop-request.ts';
import { dataFolderAt, makeDataFolder } from '../data-folder/data-folder.ts';
import { takeLock } from '../data-folder/lock.ts';
import { Platform } from '../platform.ts';

/** `npm start`: builds what is stale, starts everything, says where it is, and runs until it is asked to stop. */
export async function start(repository: string): Promise<void> {
  const config = readConfig();
  const folder = dataFolderAt(config.TOLLGATE_DATA_DIR);
  makeDataFolder(folder);
  const releaseLock = takeLock(folder.lockFile);
  const progress = createProgress((text) => process.stdout.write(text));
  const platform = new Platform({ config, folder, repository, progress });
  const stopRequested = stopRequest({ endWithParent: config.npm_lifecycle_event !== undefined });

  const run = async () => {
    await progress.step('Building', () =>
      runToEnd({
        name: 'The build',
        command: process.execPath,
        args: [join(repository, 'tools/src/build.ts')],
        env: config.inherited,
        logFile: join(folder.logs, 'build.log'),
      }),
    );
    await platform.start();
    process.stdout.write(greeting(platform.urls(), readDemoFile(folder.demoFile)));
    return stopRequested;
  };

  try {
    const reason = await Promise.race([run(), stopRequested]);
    progress.note(`stopping everything (${reason})`);
  } finally {
    await platform.stop();
    releaseLock();
  }
}
