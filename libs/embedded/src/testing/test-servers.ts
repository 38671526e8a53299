import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafka } from '../kafka/start-kafka.ts';
import { removePostgresData } from '../postgres/postgres-folder.ts';
import { startPostgres } from '../postgres/start-postgres.ts';
import type { ServerProcess } from '../process/server-process.ts';
import { startRedis } from '../redis/start-redis.ts';
import type { Report } from '../install/system-package.ts';

/** Where the servers of a test run are reached. */
export interface TestServerAddresses {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Empty when Kafka is skipped. */
  readonly kafkaBrokers: string;
}

/** A set of running servers. */
export interface TestServers {
  readonly addresses: TestServerAddresses;
  /** Stops all and removes their data. */
  stop(): Promise<void>;
}

/** Starts PostgreSQL, Redis and, unless skipped, Kafka at once in a temporary folder, with nothing kept on disk for long. */
export async function startTestServers({
  skipKafka,
  report,
}: {
  skipKafka: boolean;
  report: Report;
}): Promise<TestServers> {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-test-'));
  chmodSync(folder, 0o711);
  const postgresFolder = join(folder, 'postgres');
  const removeData = () => {
    removePostgresData(postgresFolder);
    rmSync(folder, { recursive: true, force: true });
  };
  const starting = [
    startPostgres({ dataDir: postgresFolder, volatile: true, report }),
    startRedis({ dataDir: join(folder, 'redis'), volatile: true, report }),
    skipKafka ? undefined : startKafka({ dataDir: join(folder, 'kafka'), report }),
  ] as const;
  try {
    const [postgres, redis, kafka] = await Promise.all(starting);
    return {
      addresses: { databaseUrl: postgres.url, redisUrl: redis.url, kafkaBrokers: kafka?.brokers ?? '' },
      stop: async () => {
        await stopAll(starting);
        removeData();
      },
    };
  } catch (error) {
    await stopAll(starting);
    removeData();
    throw error;
  }
}

async function stopAll(starting: readonly (Promise<ServerProcess> | undefined)[]): Promise<void> {
  const outcomes = await Promise.allSettled(starting);
  await Promise.all(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value?.stop() : undefined)));
}
