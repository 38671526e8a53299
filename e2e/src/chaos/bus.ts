import { playOnBus, type BusName, type BusRun } from './bus/play-bus.ts';
import { SeededRandom } from './random.ts';
import type { ChaosOptions, ChaosOutcome } from './scenario.ts';

/**
 * Kills producers, consumers, broker, Redis and database with -9 while events flow, on both buses. Must hold: every event of a
 * committed unit of work takes effect, once, in the order of its key; every record that the bus confirmed is counted.
 */
export async function playBus(options: ChaosOptions): Promise<ChaosOutcome> {
  const skipsKafka = (process.env['TOLLGATE_SKIP'] ?? '').split(',').includes('kafka');
  const buses: readonly BusName[] = skipsKafka ? ['redis-streams'] : ['redis-streams', 'kafka'];
  const random = new SeededRandom(options.seed);
  const runs: { bus: BusName; run: BusRun }[] = [];
  for (const bus of buses) {
    options.say(`on ${bus}`);
    runs.push({ bus, run: await playOnBus(bus, random, options) });
  }
  const sum = (pick: (run: BusRun) => number): number => runs.reduce((total, { run }) => total + pick(run), 0);
  const lost = sum(({ ledger }) => ledger.lost);
  const doubled = sum(({ ledger }) => ledger.doubled);
  const outOfOrder = sum(({ ledger }) => ledger.outOfOrder);
  return {
    pass: lost === 0 && doubled === 0 && outOfOrder === 0 && runs.every(({ run }) => run.settledMs !== null),
    figures: {
      lost,
      doubled,
      outOfOrder,
      made: sum(({ ledger }) => ledger.made),
      applied: sum(({ ledger }) => ledger.applied),
      confirmed: sum(({ ledger }) => ledger.confirmed),
      counted: sum(({ ledger }) => ledger.counted),
      kills: sum(({ kills }) => kills),
      ...Object.fromEntries(
        runs.map(({ bus, run }) => [bus === 'kafka' ? 'kafkaSettledMs' : 'redisSettledMs', run.settledMs ?? -1]),
      ),
    },
  };
}
