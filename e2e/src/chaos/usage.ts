import type { BusName } from './bus/play-bus.ts';
import { SeededRandom } from './random.ts';
import type { ChaosOptions, ChaosOutcome } from './scenario.ts';
import { isBalanced, type Ledger } from './usage/ledger.ts';
import { playUsageOn, type UsageRun } from './usage/play-usage.ts';

/**
 * Kills services, database, Redis, bus and a gateway with -9 while two gateways answer calls, and sends batches again in another order.
 * The caller's own log is the truth. Must hold: made = counted and billable = billed, exactly for the gateway that is never killed; for
 * the other, what may be missing was answered within `USAGE_FLUSH_MS` before a kill; it is held against each kill and shown apart. No
 * call fails but those under way at a kill of their gateway.
 */
export async function playUsage(options: ChaosOptions): Promise<ChaosOutcome> {
  const random = new SeededRandom(options.seed);
  const runs: UsageRun[] = [];
  for (const bus of busesFor(options)) {
    options.say(`on ${bus}`);
    runs.push(await playUsageOn(bus, random, options));
  }
  const ledgers = runs.flatMap(({ steady, killed }) => [steady, killed]);
  const sum = (pick: (ledger: Ledger) => number): number => ledgers.reduce((total, ledger) => total + pick(ledger), 0);
  const resentBatches = runs.reduce((total, run) => total + run.resentBatches, 0);
  const lostSteady = runs.reduce((total, { steady }) => total + steady.made - steady.counted, 0);
  return {
    pass: ledgers.every(isBalanced) && lostSteady === 0 && resentBatches > 0,
    figures: {
      lost: sum(({ lost }) => lost),
      doubled: sum(({ doubled }) => doubled),
      failed: sum(({ failed }) => failed),
      misbilled: sum(({ misbilled }) => misbilled),
      made: sum(({ made }) => made),
      counted: sum(({ counted }) => counted),
      billable: sum(({ billable }) => billable),
      billed: sum(({ billed }) => billed),
      answeredInWindow: sum(({ inWindow }) => inWindow),
      lostInWindow: sum(({ lostInWindow }) => lostInWindow),
      longestLossMs: Math.round(Math.max(...ledgers.map(({ longestLossMs }) => longestLossMs)) * 10) / 10,
      cutOff: sum(({ cutOff }) => cutOff),
      resentBatches,
      kills: runs.reduce((total, run) => total + run.kills, 0),
    },
  };
}

/** The smoke run takes the bus of the embedded default; the others play on both. */
function busesFor({ length }: ChaosOptions): BusName[] {
  const skipsKafka = (process.env['TOLLGATE_SKIP'] ?? '').split(',').includes('kafka');
  return length === 'smoke' || skipsKafka ? ['redis-streams'] : ['redis-streams', 'kafka'];
}
