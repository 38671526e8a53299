import { connections } from './ground.ts';
import type { LoadProcess } from './load-process.ts';
import { percentile } from './statistics.ts';

/** Requests per second of every open loop. */
export const openLoopRate = 5_000;

/** A generator that was late with more of its requests than this has nothing to say about the 99th percentile. */
const mostLate = 0.01;

/** Latencies of an open loop, from the moment when each request was due. */
export interface OpenLoopResult {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Not answered when the loop had ended: the target could not keep up. */
  readonly unfinished: number;
  /** Share of the requests that the generator itself sent more than 0.3 ms late. */
  readonly lateShare: number;
}

/** Sends at a fixed rate whatever the answers take. Throws when an answer was wrong. */
export async function openLoop(
  load: LoadProcess,
  { port, requests, seconds }: { port: number; requests: string; seconds: number },
): Promise<OpenLoopResult> {
  const result = await load.run({ port, connections, seconds, requests, rate: openLoopRate });
  const { latenciesUs, unfinished, late } = result;
  return {
    p50Ms: percentile(latenciesUs, 0.5) / 1000,
    p99Ms: percentile(latenciesUs, 0.99) / 1000,
    unfinished,
    lateShare: late / latenciesUs.length,
  };
}

/** Throws when the generator did not keep its own times in most rounds: the machine was not quiet. */
export function refuseLateGenerator(shares: readonly number[]): void {
  const late = shares.filter((share) => share > mostLate).length;
  if (late * 2 < shares.length) return;
  const worst = Math.max(...shares);
  throw new Error(
    `the load was the limit: in ${late} of ${shares.length} loops it sent over 1 % of its requests late (${(worst * 100).toFixed(1)} % in the worst)`,
  );
}

/** One loop in a line of text. */
export function describeLoop({ p50Ms, p99Ms, unfinished, lateShare }: OpenLoopResult): string {
  const late = `${(lateShare * 100).toFixed(2)} % sent late`;
  return `p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms, ${unfinished} unfinished, ${late}`;
}
