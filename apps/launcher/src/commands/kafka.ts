import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafka } from '@tollgate/embedded';
import { readConfig } from '../config.ts';
import { createProgress } from '../console/progress.ts';
import { stopRequest } from '../console/stop-request.ts';

/** `npm run kafka`: one Kafka broker with nothing in it, until Ctrl-C; its data goes with it. */
export async function kafka(): Promise<void> {
  const stopRequested = stopRequest({ endWithParent: readConfig().npm_lifecycle_event !== undefined });
  const dataDir = mkdtempSync(join(tmpdir(), 'tollgate-kafka-'));
  const progress = createProgress((text) => process.stderr.write(text));
  try {
    const broker = await progress.step('Starting Apache Kafka', () => startKafka({ dataDir, report: progress.note }));
    process.stdout.write(`KAFKA_BROKERS=${broker.brokers}\n`);
    const reason = await Promise.race([stopRequested, broker.exited]);
    progress.note(`stopping Kafka (${reason})`);
    await broker.stop();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
