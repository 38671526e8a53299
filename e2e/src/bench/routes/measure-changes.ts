import type { Figures } from '../bench.ts';
import type { Ground } from '../load/ground.ts';
import { describeLoop, openLoop, type OpenLoopResult, refuseLateGenerator } from '../load/open-loop.ts';
import { leastPairs, measureRounds, medianOf } from '../load/pairs.ts';
import { EngineProcess } from './engine-process.ts';

/** Latency of an engine with many routes while 100 of them change per second, against the same engine while none does. */
export async function measureChanges(
  ground: Ground,
  { routes, requests }: { routes: number; requests: string },
): Promise<Figures> {
  const { smoke, say } = ground.options;
  const seconds = smoke ? 0.5 : 5;
  const engine = await ground.start(EngineProcess.start({ ...ground.place, routes }));
  const { port } = engine;
  if (!smoke) await ground.closedLoop(port, requests)(5);

  const loop = () => openLoop(ground.load, { port, requests, seconds });
  const measure = async (name: 'resting' | 'changing'): Promise<OpenLoopResult & { changesPerSecond: number }> => {
    if (name === 'resting') return { ...(await loop()), changesPerSecond: 0 };
    const started = performance.now();
    engine.change();
    const result = await loop();
    const changes = await engine.rest();
    return { ...result, changesPerSecond: (changes * 1000) / (performance.now() - started) };
  };
  const rounds = await measureRounds(['resting', 'changing'], smoke ? 1 : 6, async (name, round) => {
    const result = await measure(name);
    say(`${round + 1} ${name}: ${describeLoop(result)}, ${result.changesPerSecond.toFixed(0)} changes/s`);
    return result;
  });
  if (!smoke) refuseLateGenerator(rounds.flatMap(({ resting, changing }) => [resting.lateShare, changing.lateShare]));
  const paired = (valueOf: (pair: (typeof rounds)[number]) => number) =>
    medianOf(rounds, valueOf, smoke ? 1 : leastPairs);
  return {
    changingP99BeyondQuarterMs: paired(({ resting, changing }) => changing.p99Ms - 1.25 * resting.p99Ms),
    changingUnfinished: paired(({ changing }) => changing.unfinished),
    changesPerSecond: paired(({ changing }) => changing.changesPerSecond),
    restingP99Ms: paired(({ resting }) => resting.p99Ms),
    changingP99Ms: paired(({ changing }) => changing.p99Ms),
  };
}
