import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from '@tollgate/embedded';
import { z } from 'zod';
import { cpuSecondsOfTree } from '../../bench/load/cpu-time.ts';
import { startStandAloneGateway } from '../../support/stand-alone-gateway.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { Upstreams } from '../actors/upstreams.ts';
import { HealthWatch } from './health-watch.ts';
import { Inspector } from './inspector.ts';
import { liveOfAll, type MemoryByThread } from './thread-memory.ts';
import { mostOpenFiles, openSockets, residentBytes } from './process-state.ts';
import { servers, soakFile } from './soak-group.ts';
import { SoakClients } from './soak-clients.ts';

/** One gateway under a soak. */
export interface SoakLeg {
  readonly sockets: 'raw' | 'net';
  /** Requests that are checked, in four quarters, and the longest that they may take altogether. */
  readonly requests: number;
  readonly seconds: number;
  readonly idle: number;
  readonly idleTls: number;
  readonly connections: number;
  readonly tlsConnections: number;
  readonly attacksAtOnce: number;
  /** How long a slow reader is slow, milliseconds; below the minute after which it is cut. */
  readonly slowReadMs: number;
  /** Longest rest between an attack and the next of its kind, milliseconds. */
  readonly mostRestMs: number;
  /** Play what takes over a minute, too. */
  readonly isLong: boolean;
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** What came of it. Memory in bytes; what threads hold is measured after a garbage collection. */
export interface SoakReport {
  readonly asked: number;
  readonly checked: number;
  /** Answers of any client that were wrong or did not come. */
  readonly corrupt: number;
  readonly attacks: number;
  /** Idle connections that the gateway ended. */
  readonly idleLost: number;
  /** Ends of the process, or of one of its workers. */
  readonly deaths: number;
  readonly uncounted: number;
  readonly overcounted: number;
  readonly healthFailed: number;
  /** But for the time in which there was no core to run on. */
  readonly healthWorstMs: number;
  readonly healthWorstTotalMs: number;
  readonly socketsBefore: number;
  readonly socketsAtMost: number;
  readonly socketsAfter: number;
  readonly rssPerIdle: number;
  readonly livePerIdle: number;
  readonly livePerIdleTls: number;
  readonly idleCpuShare: number;
  readonly rssBefore: number;
  readonly rssQuarters: readonly number[];
  readonly rssAfter: number;
  readonly memoryBefore: MemoryByThread;
  readonly memoryQuarters: readonly MemoryByThread[];
  readonly memoryAfter: MemoryByThread;
}

const status = z.object({
  engine: z.object({
    callsCounted: z.int(),
    sockets: z.object({ kind: z.string() }),
    workers: z.array(z.object({ restarts: z.int() })),
  }),
});
const quarters = 4;
/** Before anything is measured: code is compiled and the heap has grown. */
const warmUpShare = 0.05;
const idleCpuMs = 2_000;
/** Kept upstream connections end after 2 s, lingering ones too. */
const settleMs = 20_000;
/** Files beside the connections of clients: upstream connections, attackers, the runtime's own. */
const spareFiles = 3_000;

/** Soaks a gateway: idle, slow, broken and checked connections at once, then none; measures what it holds before, meanwhile and after. */
export async function playSoak(leg: SoakLeg): Promise<SoakReport> {
  const folder = await temporaryFolder('engine-soak');
  const ends: (() => Promise<void>)[] = [folder.remove];
  try {
    await requireFiles(leg.idle + leg.idleTls + spareFiles);
    return await play(leg, folder.path, ends);
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

async function requireFiles(wanted: number): Promise<void> {
  const most = await mostOpenFiles('self');
  if (most >= wanted) return;
  throw new Error(
    `${wanted} open files are needed and ${most} are allowed: raise the hard limit (ulimit -Hn ${wanted})`,
  );
}

async function play(leg: SoakLeg, folder: string, ends: (() => Promise<void>)[]): Promise<SoakReport> {
  const { say, seed } = leg;
  const upstreams = await Upstreams.start({ folder, seed, servers });
  ends.push(() => upstreams.stop());
  const statusPort = await findFreePort();
  const statusUrl = `http://127.0.0.1:${statusPort}`;
  const gateway = await startStandAloneGateway({
    file: soakFile((server) => upstreams.addressOf(server), await findFreePort()),
    folder,
    env: {
      LOG_LEVEL: 'warn',
      GATEWAY_SOCKETS: leg.sockets,
      GATEWAY_STATUS_PORT: String(statusPort),
      NODE_OPTIONS: '--inspect-port=0',
    },
  });
  ends.push(() => gateway.kill());
  const { pid } = gateway;
  const readStatus = async () => status.parse(await (await fetch(`${statusUrl}/status`)).json()).engine;
  const { sockets } = await readStatus();
  if (sockets.kind !== leg.sockets) throw new Error(`the gateway took ${sockets.kind} sockets`);
  const inspector = await Inspector.attach(pid, join(folder, 'gateway.log'));
  ends.push(async () => inspector.close());
  const health = new HealthWatch(statusUrl, pid);
  ends.push(() => health.stop());
  const clients = await SoakClients.start({ ...leg, folder, ports: portsOf(gateway) });
  ends.push(() => clients.stop());
  const measure = async () => ({ threads: await inspector.memory(), rss: await residentBytes(pid) });

  // The watch and the inspector hold connections of their own, which are here before and after.
  const socketsBefore = await openSockets(pid);
  await clients.call(Math.ceil(leg.requests * warmUpShare), leg.seconds);
  await fewSockets(pid, socketsBefore);
  const before = await measure();

  await clients.openIdle(leg.idle);
  const withIdle = await measure();
  const cpuBefore = await cpuSecondsOfTree(pid);
  await delay(idleCpuMs);
  const idleCpuShare = ((await cpuSecondsOfTree(pid)) - cpuBefore) / (idleCpuMs / 1000);
  await clients.openIdleTls(leg.idleTls);
  const withTls = await measure();
  say(`  ${leg.idle} idle connections, ${leg.idleTls} over TLS: ${toMiB(withTls.rss - before.rss)} MiB more`);

  const attackers = await clients.attack();
  const measured: { threads: MemoryByThread; rss: number }[] = [];
  let socketsAtMost = 0;
  for (let quarter = 1; quarter <= quarters; quarter += 1) {
    const made = await clients.call(Math.ceil(leg.requests / quarters), leg.seconds / quarters);
    socketsAtMost = Math.max(socketsAtMost, await openSockets(pid));
    const now = await measure();
    measured.push(now);
    say(`  quarter ${quarter}: ${made} requests, ${toMiB(now.rss)} MiB resident, ${liveText(now.threads)}`);
  }
  await attackers.stop();
  await clients.closeIdle();
  const socketsAfter = await fewSockets(pid, socketsBefore);
  const after = await measure();
  const { callsCounted, workers } = await readStatus();
  await health.stop();

  const books = clients.books();
  for (const example of books.examples) say(`  ${example}`);
  for (const [kind, count] of Object.entries(books.kinds)) say(`  ${String(count).padStart(6)}  ${kind}`);
  const { senseless } = await upstreams.report();
  if (senseless > 0) say(`  ${senseless} requests that no upstream could make sense of`);
  return {
    asked: books.asked,
    checked: books.answered,
    corrupt: books.wrong + senseless,
    attacks: books.attacks,
    idleLost: books.idleLost,
    deaths: workers.reduce((sum, { restarts }) => sum + restarts, gateway.isAlive() ? 0 : 1),
    uncounted: Math.max(0, books.calls - callsCounted),
    overcounted: Math.max(0, callsCounted - books.calls - books.perhaps),
    healthFailed: health.failed,
    healthWorstMs: health.worstMs,
    healthWorstTotalMs: health.worstTotalMs,
    socketsBefore,
    socketsAtMost,
    socketsAfter,
    rssPerIdle: (withIdle.rss - before.rss) / leg.idle,
    livePerIdle: (liveOfAll(withIdle.threads) - liveOfAll(before.threads)) / leg.idle,
    livePerIdleTls: (liveOfAll(withTls.threads) - liveOfAll(withIdle.threads)) / leg.idleTls,
    idleCpuShare,
    rssBefore: before.rss,
    rssQuarters: measured.map(({ rss }) => rss),
    rssAfter: after.rss,
    memoryBefore: before.threads,
    memoryQuarters: measured.map(({ threads }) => threads),
    memoryAfter: after.threads,
  };
}

function portsOf({ httpUrl, httpsUrl }: { httpUrl: string; httpsUrl: string }) {
  return { port: Number(new URL(httpUrl).port), tlsPort: Number(new URL(httpsUrl).port) };
}

/** Waits until no more sockets are open than wanted; gives how many are when the time is over. */
async function fewSockets(pid: number, wanted: number): Promise<number> {
  const deadline = performance.now() + settleMs;
  for (;;) {
    const open = await openSockets(pid);
    if (open <= wanted || performance.now() > deadline) return open;
    await delay(100);
  }
}

function liveText(threads: MemoryByThread): string {
  return [...threads].map(([name, { live, heapTaken }]) => `${name} ${toMiB(live)} of ${toMiB(heapTaken)}`).join(', ');
}

function toMiB(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
