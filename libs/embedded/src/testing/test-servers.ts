import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startKafka } from '../kafka/start-kafka.ts';
import { removePostgresData } from '../postgres/postgres-folder.ts';
import { startPostgres } from '../postgres/start-postgres.ts';
import type { ServerProcess } from '../process/server-process.ts';
import { startRedis } from '../redis/start-redis.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';
import type { TestServerAddresses } from './test-server-addresses.ts';
import type { Report } from '../install/system-package.ts';

/** A set of running servers. */
export interface TestServers {
  readonly addresses: TestServerAddresses;
  /** Stops all and removes their data. */
  stop(): Promise<void>;
}

/** Whether `TOLLGATE_SKIP` (comma-separated) leaves Kafka out of this run. */
export function isKafkaSkipped(): boolean {
  return (process.env['TOLLGATE_SKIP'] ?? '').split(',').includes('kafka');
}

/** Starts PostgreSQL, Redis and, unless skipped, Kafka at once in a temporary folder, with nothing kept on disk for long. */
export async function startTestServers({
  skipKafka,
  report,
}: {
  skipKafka: boolean;
  report: Report;
}): Promise<TestServers> {
  const folder = makeTemporaryFolder();
  const postgresFolder = join(folder, 'postgres');
  const removeData = () => {
    removePostgresData(postgresFolder);
    rmSync(folder, { recursive: true, force: true });
  };
  const postgres = startPostgres({ dataDir: postgresFolder, volatile: true, report });
  const redis = startRedis({ dataDir: join(folder, 'redis'), volatile: true, report });
  const kafka = skipKafka ? Promise.resolve(undefined) : startKafka({ dataDir: join(folder, 'kafka'), report });
  const stop = async () => {
    await stopAll([postgres, redis, kafka]);
    removeData();
  };
  try {
    const [{ url: databaseUrl }, { url: redisUrl }, broker] = await Promise.all([postgres, redis, kafka]);
    return { addresses: { databaseUrl, redisUrl, kafkaBrokers: broker?.brokers ?? '' }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function stopAll(starting: readonly Promise<ServerProcess | undefined>[]): Promise<void> {
  const outcomes = await Promise.allSettled(starting);
  const running = outcomes.flatMap((outcome) =>
    outcome.status === 'fulfilled' && outcome.value ? [outcome.value] : [],
  );
  await Promise.all(running.map((server) => server.stop()));
}
