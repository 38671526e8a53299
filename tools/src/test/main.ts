/**
 * `npm test`: everything that has to hold before a change lands, in the order in which it fails fastest. Ends with exactly one line of counts.
 * Stages can be named: `npm test -- lint unit`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addCounts, type Counts, countsLine, noCounts } from './counts.ts';
import { runStage } from './run-stage.ts';
import { stages } from './stages.ts';
import { startTestServers } from './test-servers.ts';

const root = join(import.meta.dirname, '../../..');
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !stages.some((stage) => stage.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no stage ${unknown.join(', ')}. Stages: ${stages.map((stage) => stage.name).join(', ')}\n`,
  );
  process.exit(2);
}

const selected = stages.filter((stage) => wanted.length === 0 || wanted.includes(stage.name));
const folder = await mkdtemp(join(tmpdir(), 'tollgate-test-'));
let totals: Counts = noCounts;
let servers: Awaited<ReturnType<typeof startTestServers>> | undefined;

try {
  for (const stage of selected) {
    if (stage.needsServers) servers ??= await startTestServers(root, folder);
    const started = performance.now();
    process.stdout.write(`\n── ${stage.name} ──\n`);
    const counts = await runStage(stage, { root, folder, env: servers?.env ?? {} });
    totals = addCounts(totals, counts);
    process.stdout.write(
      `── ${stage.name}: ${countsLine(counts)} in ${((performance.now() - started) / 1000).toFixed(1)} s ──\n`,
    );
    if (counts.failed > 0 && stage.isPrerequisite) {
      process.stdout.write(`\nThe stages after ${stage.name} need it; they were not run.\n`);
      break;
    }
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  totals = addCounts(totals, { passed: 0, failed: 1, skipped: 0 });
} finally {
  await servers?.stop();
  await rm(folder, { recursive: true, force: true });
}

process.stdout.write(
  `\n${countsLine(totals)}${process.env.TOLLGATE_SKIP ? ` (left out: ${process.env.TOLLGATE_SKIP})` : ''}\n`,
);
process.exit(totals.failed > 0 ? 1 : 0);
