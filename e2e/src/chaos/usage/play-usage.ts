import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TollgateClient } from '@tollgate/client';
import { type KafkaServer, startKafka } from '@tollgate/embedded';
import { JourneyLog } from '../../journey/journey-log.ts';
import { newCast } from '../../journey/world.ts';
import { poll } from '../../support/poll.ts';
import { startRecordingUpstream } from '../../support/recording-upstream.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import type { BusName } from '../bus/play-bus.ts';
import { KillableServer } from '../bus/servers.ts';
import type { SeededRandom } from '../random.ts';
import type { ChaosOptions } from '../scenario.ts';
import { DrivenGateway } from './driven-gateway.ts';
import { KillableInstallation } from './killable-installation.ts';
import { balance, isBalanced, type Ledger } from './ledger.ts';
import { readCounts } from './read-counts.ts';
import { resendBatches } from './resend-batches.ts';
import { type SoldGroup, sellGroups } from './sold-group.ts';

const rounds = { smoke: 1, normal: 3, long: 30 } as const;
/** How long at most everything made may take to be counted once the last fault is over. */
const settleMs = 120_000;
/** Nothing more is coming when the counts have not moved for so long. */
const quietMs = 3_000;

/** What was played and what came of it. */
export interface UsageRun {
  /** Of the group whose gateway is never killed: exact. */
  readonly steady: Ledger;
  /** Of the group whose gateway is killed: exact outside the windows. */
  readonly killed: Ledger;
  readonly kills: number;
  readonly resentBatches: number;
}

/** Plays kill -9 of every process on one bus while two gateways answer calls, and batches come again in another order. */
export async function playUsageOn(bus: BusName, random: SeededRandom, options: ChaosOptions): Promise<UsageRun> {
  const folder = await temporaryFolder(`chaos-usage-${bus}`);
  const ends: (() => Promise<void>)[] = [folder.remove];
  try {
    const kafka = bus === 'kafka' ? killableKafka(folder.path) : undefined;
    if (kafka) {
      ends.push(() => kafka.stop());
      await kafka.start();
    }
    const upstream = await startRecordingUpstream();
    ends.push(upstream.stop);
    const brokers = kafka && { KAFKA_BROKERS: kafka.current.brokers };
    const installation = await KillableInstallation.start(folder.path, { ...brokers });
    ends.push(() => installation.stop());
    const since = new Date();
    const world = { installation: installation.addresses, cast: newCast(), log: new JourneyLog(), folder: folder.path };
    const { admin, groups } = await sellGroups(world, ['steady', 'killed'], upstream.url);
    const [steady, killed] = groups.map((group) => new DrivenGateway(group, join(folder.path, group.id), random));
    if (!steady || !killed) throw new Error('two groups were wanted');
    ends.push(
      () => steady.stop(),
      () => killed.stop(),
    );
    await Promise.all([steady.start(), killed.start()]);
    for (const gateway of [steady, killed]) gateway.drive();

    const readKilled = (): Promise<number | undefined> => countedOf(admin, groups[1], since);
    const played = await playFaults({ installation, kafka, gateway: killed, readKilled, random, options });
    await Promise.all([steady.stopTraffic(), killed.stopTraffic()]);
    const [steadyLedger, killedLedger] = await settle(admin, since, [
      { group: groups[0], gateway: steady },
      { group: groups[1], gateway: killed },
    ]);
    if (!steadyLedger || !killedLedger) throw new Error('two ledgers were wanted');
    return { steady: steadyLedger, killed: killedLedger, ...played };
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

function killableKafka(folder: string): KillableServer<KafkaServer> {
  return new KillableServer((port) => startKafka({ dataDir: join(folder, 'kafka'), port }));
}

interface Faults {
  readonly installation: KillableInstallation;
  readonly kafka: KillableServer<KafkaServer> | undefined;
  readonly gateway: DrivenGateway;
  /** Calls of its group that are counted by now; undefined while nobody can say. */
  readonly readKilled: () => Promise<number | undefined>;
  readonly random: SeededRandom;
  readonly options: ChaosOptions;
}

/** Every round plays each fault once, in another order, with traffic in between. */
async function playFaults(faults: Faults): Promise<{ kills: number; resentBatches: number }> {
  const { installation, kafka, gateway, random, options } = faults;
  let kills = 0;
  let resentBatches = 0;
  const kill = async (work: () => Promise<void>): Promise<void> => {
    await work();
    kills += 1;
  };
  const played: Readonly<Record<string, () => Promise<void>>> = {
    'kill -9: all services': () => kill(() => installation.killAndWait('standalone')),
    'kill -9: database': () => kill(() => installation.killAndWait('postgres')),
    'kill -9: Redis': () => kill(() => installation.killAndWait('redis')),
    ...(kafka ? { 'kill -9: broker': () => kill(() => kafka.restart()) } : {}),
    'kill -9: gateway': () =>
      kill(async () => {
        await gateway.kill();
        await delay(random.between(100, 1_000));
        await gateway.revive();
        await settleKill(faults);
        gateway.resumeTraffic();
      }),
    'batches again, in another order': async () => {
      const { redisUrl } = await installation.running();
      const address = { redisUrl, ...(kafka ? { kafka: { brokers: [kafka.current.brokers], ssl: false } } : {}) };
      resentBatches += await resendBatches(address, random);
    },
  };
  for (let round = 0; round < rounds[options.length]; round += 1) {
    await delay(random.between(1_000, 2_000));
    for (const name of random.shuffled(Object.keys(played))) {
      options.say(`  ${name}`);
      await played[name]?.();
      await delay(random.between(500, 2_500));
    }
  }
  return { kills, resentBatches };
}

/** Waits until what the killed gateway had on disk is counted, so that each kill is held against its own window. */
async function settleKill({ gateway, readKilled, options }: Faults): Promise<void> {
  const deadline = performance.now() + settleMs;
  let last: number | undefined;
  let unchangedSince = performance.now();
  await poll(
    'the calls before a kill are counted',
    async () => {
      const counted = await readKilled();
      if (counted === undefined || counted !== last) unchangedSince = performance.now();
      last = counted;
      if (counted === undefined) return undefined;
      gateway.book.counted(counted);
      const isQuiet = performance.now() - unchangedSince > quietMs;
      return (isQuiet && gateway.book.isLastKillExplained) || performance.now() > deadline ? true : undefined;
    },
    { withinMs: settleMs * 2, everyMs: 250 },
  );
  const { inWindow, longestLossMs } = gateway.book.sums();
  options.say(`    in windows so far ${inWindow}, longest loss so far ${longestLossMs.toFixed(1)} ms`);
}

function countedOf(admin: TollgateClient, group: SoldGroup | undefined, since: Date): Promise<number | undefined> {
  if (group === undefined) throw new Error('a gateway without a group');
  return readCounts(admin, group, since).then(
    ({ counted }) => counted,
    () => undefined,
  );
}

interface Driven {
  readonly group: SoldGroup | undefined;
  readonly gateway: DrivenGateway;
}

/** Waits until the books balance and stay as they are, or nothing moves any more. */
async function settle(admin: TollgateClient, since: Date, driven: readonly Driven[]): Promise<Ledger[]> {
  const read = (): Promise<Ledger[] | undefined> =>
    Promise.all(
      driven.map(async ({ group, gateway }) => {
        if (group === undefined) throw new Error('a gateway without a group');
        return balance(gateway.book.sums(), await readCounts(admin, group, since));
      }),
    ).catch(() => undefined);
  const deadline = performance.now() + settleMs;
  let last = '';
  let unchangedSince = performance.now();
  return poll(
    'the books are read',
    async () => {
      const ledgers = await read();
      if (ledgers === undefined) return undefined;
      const now = JSON.stringify(ledgers);
      if (now !== last) unchangedSince = performance.now();
      last = now;
      const isQuiet = performance.now() - unchangedSince > quietMs;
      return (isQuiet && ledgers.every(isBalanced)) || performance.now() > deadline ? ledgers : undefined;
    },
    { withinMs: settleMs * 2, everyMs: 250 },
  );
}
