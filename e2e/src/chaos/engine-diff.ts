import { temporaryFolder } from '../support/temporary-folder.ts';
import { caseOf, type DiffCase } from './engine-diff/diff-case.ts';
import { startGatewayFront, startHaproxyFront, startNginxFront } from './engine-diff/fronts.ts';
import { minimise } from './engine-diff/minimise.ts';
import {
  type Finding,
  type Fronts,
  isClean,
  isSameKind,
  kindOf,
  patience,
  playCase,
  playOnce,
} from './engine-diff/play-case.ts';
import { auditStreams } from './engine-diff/audit-streams.ts';
import type { ChaosOptions, ChaosOutcome } from './scenario.ts';

/** How much is played, and how long small forms of what was found are looked for: whichever bound comes first. */
const sizes = {
  smoke: { cases: 400, seconds: 10, mostReports: 3, reportSeconds: 4 },
  normal: { cases: 30_000, seconds: 360, mostReports: 12, reportSeconds: 75 },
  long: { cases: 300_000, seconds: 3_600, mostReports: 30, reportSeconds: 600 },
};
const mostTries = 150;
const atOnce = 24;
/** A run in which hardly anything got through has shown nothing: at least this share of the cases must have. */
const leastForwardedShare = 0.2;

interface Found {
  readonly number: number;
  readonly diffCase: DiffCase;
  readonly finding: Finding;
}

/**
 * Sends mutated requests to the gateway, nginx and haproxy, each before a recording upstream of its own. Must hold: the gateway, its upstream
 * and the strict reference see the same requests in every case; and each request that one of the three lets through and another does not is
 * explained by a rule.
 */
export async function playEngineDiff(options: ChaosOptions): Promise<ChaosOutcome> {
  const folder = await temporaryFolder('engine-diff');
  const stops: (() => Promise<void>)[] = [folder.remove];
  try {
    const front = { folder: folder.path, say: options.say };
    const gateway = await startGatewayFront(front);
    stops.push(gateway.stop);
    const nginx = await startNginxFront(front);
    stops.push(nginx.stop);
    const haproxy = await startHaproxyFront(front);
    stops.push(haproxy.stop);
    const fronts: Fronts = {
      gateway,
      peers: [
        { ...nginx, name: 'nginx' },
        { ...haproxy, name: 'haproxy' },
      ],
    };
    return await play(fronts, options);
  } finally {
    for (const stop of stops.toReversed()) await stop();
  }
}

async function play(fronts: Fronts, { seed, length, say }: ChaosOptions): Promise<ChaosOutcome> {
  const { cases, seconds, mostReports, reportSeconds } = sizes[length];
  const deadline = performance.now() + seconds * 1000;
  const found: Found[] = [];
  const reasons = new Map<string, number>();
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < cases && performance.now() < deadline && fronts.gateway.isAlive()) {
      const number = next;
      next += 1;
      const diffCase = caseOf(seed, number);
      const finding = await playCase(fronts, diffCase).catch((cause: unknown) => {
        if (fronts.gateway.isAlive()) throw cause;
        return null;
      });
      if (finding === null) return;
      for (const reason of finding.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      if (!isClean(finding)) found.push({ number, diffCase, finding });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const isAlive = fronts.gateway.isAlive();
  if (!isAlive) say(`the gateway ended at a case before ${next} of seed ${seed}:\n${fronts.gateway.lastLog()}`);
  const audit = await auditStreams(fronts.gateway.upstream);
  for (const [reason, count] of [...reasons].sort(([, a], [, b]) => b - a))
    say(`${String(count).padStart(6)}  ${reason}`);
  for (const [kind, count] of countKinds(found)) say(`${String(count).padStart(6)}  FOUND ${kind}`);
  if (isAlive) await report(fronts, oneOfEachKind(found).slice(0, mostReports), { seed, say, seconds: reportSeconds });
  const violations = found.filter(({ finding }) => finding.violation !== null).length;
  const unexplained = found.filter(({ finding }) => finding.unexplained.length > 0).length;
  return {
    pass:
      isAlive &&
      violations + unexplained + audit.disagreements + audit.unattributed === 0 &&
      fronts.gateway.upstream.requests.length >= next * leastForwardedShare,
    figures: {
      violations,
      unexplained,
      parserDisagreements: audit.disagreements,
      unattributed: audit.unattributed,
      gatewayDeaths: isAlive ? 0 : 1,
      cases: next,
      forwarded: fronts.gateway.upstream.requests.length,
      upstreamConnections: fronts.gateway.upstream.connections.length,
      explained: [...reasons.values()].reduce((sum, count) => sum + count, 0),
      rulesUsed: reasons.size,
    },
  };
}

function kindsOf({ violation, unexplained }: Finding): string {
  return [...(violation === null ? [] : [violation]), ...unexplained.map(kindOf)].join('; ');
}

function countKinds(found: readonly Found[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { finding } of found) counts.set(kindsOf(finding), (counts.get(kindsOf(finding)) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

function oneOfEachKind(found: readonly Found[]): Found[] {
  return [...new Map(found.toReversed().map((one) => [kindsOf(one.finding), one])).values()];
}

/** Prints cases in the form in which they can be played again, as small as they get. */
async function report(
  fronts: Fronts,
  found: readonly Found[],
  { seed, say, seconds }: Pick<ChaosOptions, 'seed' | 'say'> & { seconds: number },
): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  for (const { number, diffCase, finding } of found) {
    const smallest = await minimise(
      diffCase,
      async (candidate) =>
        performance.now() < deadline && isSameKind(finding, await playOnce(fronts, candidate, patience.small)),
      { mostTries },
    );
    say(`case ${number} of seed ${seed}: ${kindsOf(finding)}`);
    say(`  ${JSON.stringify(smallest.bytes.toString('latin1'))}`);
    say(
      `  hex ${smallest.bytes.toString('hex')}${smallest.cuts.length > 0 ? `, cut at ${smallest.cuts.join(', ')}` : ''}`,
    );
  }
}
