import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from '@tollgate/embedded';
import { z } from 'zod';
import { startGateway } from '../../support/gateway-process.ts';
import { poll } from '../../support/poll.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { ActorProcess } from '../actors/actor-process.ts';
import { Upstreams } from '../actors/upstreams.ts';
import { SeededRandom } from '../random.ts';
import { Caller, type GatewayPorts } from './caller.ts';
import { Changes } from './changes.ts';
import { selfSigned } from './control-plane-identity.ts';
import type { GroupChange } from './group-history.ts';
import { downloadOn, openTunnel } from './long-calls.ts';
import { residentCredential, routeThroughout, servers, sharedParts } from './routes-throughout.ts';
import { StandInLink } from './stand-in-link.ts';
import { VersionedSubject } from './subject.ts';
import { certificateHost, makeSubjects, seenPrefix, settingsOf } from './subjects.ts';

/** One gateway under changes. */
export interface ChurnLeg {
  readonly sockets: 'raw' | 'net';
  readonly seconds: number;
  /** Routes that exist throughout. */
  readonly routes: number;
  readonly connections: number;
  readonly tlsConnections: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** What came of it. */
export interface ChurnReport {
  /** Answers that were wrong or did not come, of all kinds. */
  readonly wrong: number;
  /** Changes that the data plane refused, and times that it lost step. */
  readonly refused: number;
  readonly made: number;
  readonly counted: number;
  /** Calls by which made and counted differ, summed over each status. */
  readonly miscounted: number;
  readonly changes: number;
  readonly changesPerSecond: number;
  readonly acknowledgedMs: readonly number[];
  /** Calls to parts that change. */
  readonly checks: number;
  /** Calls for which only one answer was right, of the part that had fewest of them. */
  readonly leastSharpChecks: number;
  readonly echoes: number;
  readonly downloads: number;
  readonly steadyCalls: number;
}

const steadyCallers = join(import.meta.dirname, 'steady-callers-actor.ts');
const steadyReport = z.object({ made: z.int(), wrong: z.int(), examples: z.array(z.string()) });
const mostExamples = 10;
const settleMs = 20_000;

/** Changes the configuration of a linked gateway while it is called, and holds every answer and the ledger against what was in force. */
export async function playChurn(leg: ChurnLeg): Promise<ChurnReport> {
  const folder = await temporaryFolder('engine-churn');
  const ends: (() => Promise<void>)[] = [folder.remove];
  try {
    return await play(leg, folder.path, ends);
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

async function play(leg: ChurnLeg, folder: string, ends: (() => Promise<void>)[]): Promise<ChurnReport> {
  const { routes, seconds, seed, say } = leg;
  const upstreams = await Upstreams.start({ folder, seed, servers });
  ends.push(() => upstreams.stop());
  const addressOf = (server: string): string => upstreams.addressOf(server);
  const link = await StandInLink.start();
  ends.push(() => link.stop());

  const ports = await prepare(leg, { folder, link, addressOf, ends });
  const caller = new Caller(ports);
  ends.push(async () => caller.close());
  const certificates = [await selfSigned(certificateHost), await selfSigned(certificateHost)] as const;
  const subjects = makeSubjects({ caller, addressOf, certificates }).map((subject) => new VersionedSubject(subject));
  for (const { subject } of subjects) link.change(subject.changeTo(1));
  await inForce(link);

  const faults: string[] = [];
  const note = (fault: string | null): void => void (fault !== null && faults.push(fault));
  let isStopping = false;
  const world = { ports, caller, isStopping: () => isStopping };
  const tunnelPrefixes = ['/always/0', ...['coming-1', 'swapped-1', 'retargeted-1'].map(seenPrefix)];
  const tunnels = await Promise.all(tunnelPrefixes.map((prefix) => openTunnel(world, prefix)));
  const { connections, tlsConnections } = leg;
  const part = { ...ports, routes, connections, tlsConnections, seed };
  const [steady] = await ActorProcess.start({ entry: steadyCallers, name: 'steady-callers', folder, part });
  ends.push(() => steady.stop());

  const random = new SeededRandom(seed);
  const changes = new Changes({
    link,
    subjects,
    unseen: (number) => unseenChange(number, { routes, random, addressOf }),
  });
  const checkOn = async (subject: VersionedSubject): Promise<void> => {
    while (!isStopping) {
      note(await subject.check());
      await delay(5);
    }
  };
  changes.start();
  const startedAt = performance.now();
  const checking = Promise.all(subjects.map(checkOn));
  const echoing = Promise.all(tunnels.map((tunnel) => tunnel.echo()));
  const downloading = Promise.all(['retargeted-2', 'swapped-2'].map((id) => downloadOn(world, seenPrefix(id))));
  await delay(seconds * 1000);
  changes.stop();
  const elapsedSeconds = (performance.now() - startedAt) / 1000;
  await poll('every change is acknowledged', async () => changes.isSettled || undefined, {
    withinMs: settleMs,
    everyMs: 10,
  });
  isStopping = true;
  const steadily = steadyReport.parse(await steady.ask('stop'));
  await checking;
  for (const subject of subjects) note(await subject.check());
  const echoed = await echoing;
  const downloaded = await downloading;
  for (const { fault } of echoed) note(fault);
  for (const { faults: found } of downloaded) faults.push(...found);
  const { senseless } = await upstreams.report();
  if (senseless > 0) faults.push(`${senseless} requests that no upstream could make sense of`);
  for (const fault of [...steadily.examples, ...faults.slice(0, mostExamples), ...link.refusals.slice(0, mostExamples)])
    say(`  ${fault}`);

  const made = new Map(caller.made);
  made.set(200, (made.get(200) ?? 0) + steadily.made);
  const total = sumOf(made.values());
  const miscounted = await settleCounts(link, made);
  return {
    wrong: steadily.wrong + faults.length,
    refused: link.refusals.length + link.streams - 1,
    made: total,
    counted: link.counted.total,
    miscounted,
    changes: changes.made,
    changesPerSecond: changes.made / elapsedSeconds,
    acknowledgedMs: changes.acknowledgedMs,
    checks: sumOf(subjects.map(({ checks }) => checks)),
    leastSharpChecks: Math.min(...subjects.map(({ sharpChecks }) => sharpChecks)),
    echoes: sumOf(echoed.map(({ echoes }) => echoes)),
    downloads: sumOf(downloaded.map(({ whole }) => whole)),
    steadyCalls: steadily.made,
  };
}

interface Preparation {
  readonly folder: string;
  readonly link: StandInLink;
  readonly addressOf: (server: string) => string;
  readonly ends: (() => Promise<void>)[];
}

/** Publishes what is there from the start, and starts the gateway, which enrols and takes it. */
async function prepare(leg: ChurnLeg, { folder, link, addressOf, ends }: Preparation): Promise<GatewayPorts> {
  const routes = Array.from({ length: leg.routes }, (_, number) => routeThroughout(number));
  const put = [settingsOf(1), ...sharedParts(0, addressOf), residentCredential(), ...routes];
  link.group.change({ sequence: 'revision', put });
  const [port, tlsPort] = [await findFreePort(), await findFreePort()];
  const gateway = await startGateway({
    linkUrl: link.url,
    enrolToken: link.enrolToken,
    folder,
    env: {
      LOG_LEVEL: 'warn',
      GATEWAY_SOCKETS: leg.sockets,
      GATEWAY_HTTP_PORT: String(port),
      GATEWAY_HTTPS_PORT: String(tlsPort),
    },
  });
  ends.push(() => gateway.kill());
  await inForce(link);
  return { port, tlsPort };
}

async function inForce(link: StandInLink): Promise<void> {
  await poll(
    'the gateway has taken its configuration',
    async () => {
      if (link.refusals[0] !== undefined) throw new Error(`the gateway refuses ${link.refusals[0]}`);
      const isApplied = (['revision', 'access'] as const).every(
        (sequence) => link.applied(sequence) >= link.group.position(sequence),
      );
      return isApplied ? true : undefined;
    },
    { withinMs: settleMs, everyMs: 10 },
  );
}

/** Touches something that the steady calls use; now and then what many of them share. */
function unseenChange(
  number: number,
  { routes, random, addressOf }: { routes: number; random: SeededRandom; addressOf: (server: string) => string },
): GroupChange {
  const edition = number + 1;
  if (number % 8 !== 0) {
    return { sequence: 'revision', put: [routeThroughout(random.between(0, routes - 1), edition)] };
  }
  const shared = sharedParts(edition, addressOf);
  return { sequence: 'revision', put: shared.filter((_, index) => index === (number / 8) % shared.length) };
}

/** Waits until as many calls are counted as were made, or nothing more comes; gives the calls by which they differ. */
async function settleCounts(link: StandInLink, made: ReadonlyMap<number, number>): Promise<number> {
  const differing = (): number => {
    const statuses = new Set([...made.keys(), ...link.counted.byStatus.keys()]);
    return sumOf(
      [...statuses].map((status) => Math.abs((made.get(status) ?? 0) - (link.counted.byStatus.get(status) ?? 0))),
    );
  };
  const deadline = performance.now() + settleMs;
  while (differing() > 0 && performance.now() < deadline) await delay(50);
  // A call that is counted twice comes with a later batch.
  await delay(1_000);
  return differing();
}

function sumOf(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
