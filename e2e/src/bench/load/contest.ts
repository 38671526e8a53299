import { setTimeout as delay } from 'node:timers/promises';
import type { BenchOptions, Figures } from '../bench.ts';
import { targetCore, loadCore } from './cores.ts';
import { busyShare, coreTimes, cpuSecondsOfTree, tickSeconds } from './cpu-time.ts';
import type { LoadProcess } from './load-process.ts';
import { leastPairs, measureRounds, medianOf, type Rounds } from './pairs.ts';
import { median, percentile } from './statistics.ts';

/** What is compared: a running target, and how it is loaded for some seconds. The load checks every answer. */
export interface Contestant {
  readonly pid: number;
  readonly drive: (seconds: number) => Promise<{ latenciesUs?: Int32Array }>;
}

/** What was seen of one contestant in one round. */
export interface Window {
  /** CPU of all processes of the target per request that reached the upstream. */
  readonly cpuUs: number;
  readonly requestsPerSecond: number;
  readonly targetCoreBusy: number;
  readonly loadCoreBusy: number;
  /** NaN where the generator gives none. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** How long and how often. */
export interface ContestTimes {
  readonly rounds: number;
  readonly warmUpSeconds: number;
  readonly settleSeconds: number;
  readonly windowSeconds: number;
}

const full: ContestTimes = { rounds: 7, warmUpSeconds: 3, settleSeconds: 0.5, windowSeconds: 3 };
const smoke: ContestTimes = { rounds: 1, warmUpSeconds: 0, settleSeconds: 0.1, windowSeconds: 0.4 };

/** Below this share of its core the target waited for work; above the other the load had none left to give. */
const idleBelow = 0.85;
const spentAbove = 0.95;

/**
 * Measures contestants in interleaved rounds, all running at the same time, one of them under load. Throws when an answer was
 * wrong, or when the load was the limit and not the target.
 */
export async function contest<Name extends string>(
  contestants: Readonly<Record<Name, Contestant>>,
  { load, options }: { load: LoadProcess; options: BenchOptions },
): Promise<Rounds<Name, Window>> {
  const times = options.smoke ? smoke : full;
  const names = Object.keys(contestants) as Name[];
  for (const name of names) if (times.warmUpSeconds > 0) await contestants[name].drive(times.warmUpSeconds);
  const rounds = await measureRounds(names, times.rounds, async (name, round) => {
    const window = await measureWindow(contestants[name], load, times);
    options.say(`${round + 1}/${times.rounds} ${name}: ${describe(window)}`);
    return window;
  });
  if (!options.smoke)
    for (const name of names)
      refuseLimitedByLoad(
        name,
        rounds.map((round) => round[name]),
      );
  return rounds;
}

async function measureWindow({ pid, drive }: Contestant, load: LoadProcess, times: ContestTimes): Promise<Window> {
  const { settleSeconds, windowSeconds } = times;
  const driving = drive(settleSeconds + windowSeconds + settleSeconds);
  driving.catch(() => undefined);
  await delay(settleSeconds * 1000);
  const before = await sample(pid, load);
  await delay(windowSeconds * 1000);
  const after = await sample(pid, load);
  const { latenciesUs } = await driving;
  const requests = after.served - before.served;
  if (requests === 0) throw new Error('no request reached the upstream');
  const cpuSeconds = Math.max(tickSeconds, after.cpuSeconds - before.cpuSeconds);
  return {
    cpuUs: (cpuSeconds * 1e6) / requests,
    requestsPerSecond: (requests * 1000) / (after.at - before.at),
    targetCoreBusy: busyShare(before.target, after.target),
    loadCoreBusy: busyShare(before.load, after.load),
    p50Ms: latenciesUs === undefined ? Number.NaN : percentile(latenciesUs, 0.5) / 1000,
    p99Ms: latenciesUs === undefined ? Number.NaN : percentile(latenciesUs, 0.99) / 1000,
  };
}

async function sample(pid: number, load: LoadProcess) {
  const [served, cpuSeconds, [target, loading]] = await Promise.all([
    load.served(),
    cpuSecondsOfTree(pid),
    coreTimes(targetCore, loadCore),
  ]);
  if (target === undefined || loading === undefined) throw new Error('a core is missing');
  return { served, cpuSeconds, target, load: loading, at: performance.now() };
}

/** Throws when the target had idle time although the core of the load had none left. */
export function refuseLimitedByLoad(
  name: string,
  windows: readonly Pick<Window, 'targetCoreBusy' | 'loadCoreBusy'>[],
): void {
  const targetBusy = median(windows.map(({ targetCoreBusy }) => targetCoreBusy));
  const loadBusy = median(windows.map(({ loadCoreBusy }) => loadCoreBusy));
  if (targetBusy >= idleBelow || loadBusy <= spentAbove) return;
  throw new Error(
    `the load was the limit, not ${name}: its core was busy ${percent(targetBusy)}, that of the load ${percent(loadBusy)}`,
  );
}

/** CPU per request of one contestant relative to another: the median of the pairs. Throws when pairs are missing. */
export function cpuRatio<Name extends string>(
  rounds: Rounds<Name, Window>,
  { of, to, smoke: isSmoke }: { of: Name; to: Name; smoke: boolean },
): number {
  return medianOf(rounds, (round) => round[of].cpuUs / round[to].cpuUs, isSmoke ? 1 : leastPairs);
}

/** For orientation: CPU, throughput and latency of each contestant, medians of the rounds. */
export function orientation<Name extends string>(names: readonly Name[], rounds: Rounds<Name, Window>): Figures {
  const figures: Figures = {};
  for (const name of names) {
    const take = (valueOf: (window: Window) => number) => medianOf(rounds, (round) => valueOf(round[name]), 1);
    figures[`${name}CpuUs`] = take(({ cpuUs }) => cpuUs);
    figures[`${name}RequestsPerSecond`] = take(({ requestsPerSecond }) => requestsPerSecond);
    if (rounds.some((round) => Number.isNaN(round[name].p50Ms))) continue;
    figures[`${name}P50Ms`] = take(({ p50Ms }) => p50Ms);
    figures[`${name}P99Ms`] = take(({ p99Ms }) => p99Ms);
  }
  return figures;
}

function describe({ cpuUs, requestsPerSecond, targetCoreBusy, loadCoreBusy }: Window): string {
  const cores = `cores ${percent(targetCoreBusy)} and ${percent(loadCoreBusy)} busy`;
  return `${cpuUs.toFixed(1)} µs of CPU per request, ${requestsPerSecond.toFixed(0)} requests/s, ${cores}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
