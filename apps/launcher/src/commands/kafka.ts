import { startKafka } from '@tollgate/embedded';
import { readConfig } from '../config.ts';
import { createProgress } from '../console/progress.ts';
import { stopRequest } from '../console/stop-request.ts';
import { dataFolderAt, makeDataFolder } from '../data-folder/data-folder.ts';
import { takeLock } from '../data-folder/lock.ts';

/** `npm run kafka`: one Kafka broker in the data folder, until Ctrl-C; the next run finds its topics again. */
export async function kafka(): Promise<void> {
  const config = readConfig();
  const folder = dataFolderAt(config.TOLLGATE_DATA_DIR);
  makeDataFolder(folder);
  const releaseLock = takeLock(folder.kafkaLockFile);
  const stopRequested = stopRequest({ endWithParent: config.npm_lifecycle_event !== undefined });
  const progress = createProgress((text) => process.stderr.write(text));
  try {
    const broker = await progress.step('Starting Apache Kafka', () =>
      startKafka({ dataDir: folder.kafka, report: progress.note }),
    );
    process.stdout.write(`KAFKA_BROKERS=${broker.brokers}\n`);
    const reason = await Promise.race([stopRequested, broker.exited]);
    progress.note(`stopping Kafka (${reason})`);
    await broker.stop();
  } finally {
    releaseLock();
  }
}
