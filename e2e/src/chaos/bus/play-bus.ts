import { openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '@tollgate/contracts';
import { migrate, runtimeDatabaseUrl } from '@tollgate/persistence';
import { poll } from '../../support/poll.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import type { SeededRandom } from '../random.ts';
import type { ChaosOptions } from '../scenario.ts';
import { ledgerSchema } from './ledger-schema.ts';
import { readLedger, type Ledger } from './ledger.ts';
import { Replica } from './replica.ts';
import { BusServers } from './servers.ts';
import type { WorkerSettings } from './worker-settings.ts';

/** The buses that the scenario is played on. */
export type BusName = 'kafka' | 'redis-streams';

const masterKey = 'the-master-key-of-chaos-runs-only';
const replicaCount = 3;
const rounds = { smoke: 1, normal: 6, long: 60 } as const;
/** How long at most everything made may take to arrive once the last fault is over. */
const settleMs = 120_000;

/** What was played and what came of it. */
export interface BusRun {
  readonly ledger: Ledger;
  readonly kills: number;
  /** From the last fault until everything had arrived; null when it never did. */
  readonly settledMs: number | null;
}

/** Plays kill -9 of replicas, broker and database on one bus while replicas produce and consume. */
export async function playOnBus(bus: BusName, random: SeededRandom, { length, say }: ChaosOptions): Promise<BusRun> {
  const folder = await temporaryFolder(`chaos-bus-${bus}`);
  const servers = new BusServers(folder.path, bus);
  const replicas: Replica[] = [];
  try {
    await servers.start();
    const settings = await prepare(servers);
    for (let index = 0; index < replicaCount; index += 1) {
      replicas.push(new Replica(settings, openSync(join(folder.path, `replica-${index}.log`), 'a')));
    }
    for (const replica of replicas) replica.start();
    await poll('the first event arrives', () => hasArrived(servers), { withinMs: 60_000, everyMs: 200 });
    const kills = await playFaults({ servers, replicas, random, rounds: rounds[length], say });
    for (const replica of replicas) replica.stopProducing();
    const settledMs = await settle(servers);
    await Promise.all(replicas.map((replica) => replica.close()));
    return { ledger: await readLedger(servers.postgres.current.url), kills, settledMs };
  } finally {
    await Promise.all(replicas.map((replica) => replica.close()));
    await servers.stop();
    await folder.remove();
  }
}

async function prepare(servers: BusServers): Promise<WorkerSettings> {
  const adminUrl = servers.postgres.current.url;
  await migrate({ adminUrl, masterKey, schemas: [ledgerSchema] });
  return {
    databaseUrl: runtimeDatabaseUrl({ adminUrl, masterKey, service: ledgerSchema.service }),
    redisUrl: servers.redis.current.url,
    kafkaBrokers: servers.kafka?.current.brokers,
    tenantId: newId('tnt'),
  };
}

async function hasArrived(servers: BusServers): Promise<true | undefined> {
  const { applied, counted } = await readLedger(servers.postgres.current.url);
  return applied > 0 && counted > 0 ? true : undefined;
}

interface Faults {
  readonly servers: BusServers;
  readonly replicas: readonly Replica[];
  readonly random: SeededRandom;
  readonly rounds: number;
  readonly say: (line: string) => void;
}

/** Every round kills each part once, in another order, with a little production in between. Returns the number of kills. */
async function playFaults({ servers, replicas, random, rounds: count, say }: Faults): Promise<number> {
  const broker = servers.kafka ?? servers.redis;
  const victims: Readonly<Record<string, () => Promise<void> | void>> = {
    broker: () => broker.restart(),
    database: () => servers.postgres.restart(),
    ...(servers.kafka ? { redis: () => servers.redis.restart() } : {}),
    'one replica': () => replicas[random.between(0, replicas.length - 1)]?.kill(),
    'all replicas': () => replicas.forEach((replica) => replica.kill()),
  };
  let kills = 0;
  for (let round = 0; round < count; round += 1) {
    for (const name of random.shuffled(Object.keys(victims))) {
      await delay(random.between(300, 2500));
      say(`  kill -9: ${name}`);
      await victims[name]?.();
      kills += 1;
    }
  }
  return kills;
}

/** Waits until nothing is missing any more. */
async function settle(servers: BusServers): Promise<number | null> {
  const since = performance.now();
  try {
    await poll(
      'everything made arrives',
      async () => {
        const { waiting, lost } = await readLedger(servers.postgres.current.url);
        return waiting === 0 && lost === 0 ? true : undefined;
      },
      { withinMs: settleMs, everyMs: 250 },
    );
    return Math.round(performance.now() - since);
  } catch {
    return null;
  }
}
