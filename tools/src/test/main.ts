/**
 * `npm test`: everything that has to hold before a change lands, in the order in which it fails fastest. Ends with what took long, what failed,
 * and exactly one line of counts.
 * Stages can be named: `npm test -- lint unit`. With `--full` (`npm run test:full`) also what takes longer or builds tools from source.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addCounts, type Counts, countsLine, noCounts } from './counts.ts';
import { runStage } from './run-stage.ts';
import { fullStages, stages } from './stages.ts';
import { type Failure, type StageTime, summaryLines } from './summary.ts';
import { startTestServers } from './test-servers.ts';

const root = join(import.meta.dirname, '../../..');
const args = process.argv.slice(2);
const wanted = args.filter((arg) => arg !== '--full');
const available = args.includes('--full') ? [...stages, ...fullStages] : stages;
const unknown = wanted.filter((name) => !available.some((stage) => stage.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no stage ${unknown.join(', ')}. Stages: ${available.map((stage) => stage.name).join(', ')}\n`,
  );
  process.exit(2);
}

const selected = available.filter((stage) => wanted.length === 0 || wanted.includes(stage.name));
const folder = await mkdtemp(join(tmpdir(), 'tollgate-test-'));
let totals: Counts = noCounts;
const failures: Failure[] = [];
const times: StageTime[] = [];
let servers: Awaited<ReturnType<typeof startTestServers>> | undefined;

try {
  for (const stage of selected) {
    if (stage.needsServers) servers ??= await startTestServers(root, folder);
    const started = performance.now();
    process.stdout.write(`\n── ${stage.name} ──\n`);
    const { counts, failures: failed } = await runStage(stage, { root, folder, env: servers?.env ?? {} });
    const seconds = (performance.now() - started) / 1000;
    totals = addCounts(totals, counts);
    failures.push(...failed);
    times.push({ name: stage.name, seconds });
    process.stdout.write(`── ${stage.name}: ${countsLine(counts)} in ${seconds.toFixed(1)} s ──\n`);
    if (counts.failed > 0 && stage.isPrerequisite) {
      process.stdout.write(`\nThe stages after ${stage.name} need it; they were not run.\n`);
      break;
    }
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  failures.push({ what: 'npm test', why: error instanceof Error ? error.message : String(error) });
  totals = addCounts(totals, { passed: 0, failed: 1, skipped: 0 });
} finally {
  await servers?.stop();
  await rm(folder, { recursive: true, force: true });
}

process.stdout.write(
  `${['', ...summaryLines(failures, times)].join('\n')}\n${countsLine(totals)}${process.env.TOLLGATE_SKIP ? ` (left out: ${process.env.TOLLGATE_SKIP})` : ''}\n`,
);
process.exit(totals.failed > 0 ? 1 : 0);
