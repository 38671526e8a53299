/** `npm run bench -- <name> [--json] [--smoke]`: measures, holds the figures against the bars. Exit code 0 held, 1 missed, 2 could not run. */
import { parseArgs } from 'node:util';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { bars, type Bar } from './bars.ts';
import type { Bench, Figures } from './bench.ts';
import { engineTls } from './engine-tls.ts';
import { engine } from './engine.ts';
import { footprint } from './footprint.ts';
import { latency } from './latency.ts';
import { list } from './list.ts';
import { policies } from './policies.ts';
import { routes } from './routes.ts';
import { start } from './start.ts';
import { web } from './web.ts';
import { arrangeFigures, describeBar, holds } from './verdict.ts';

const benches: Readonly<Record<string, Bench>> = {
  start,
  footprint,
  engine,
  'engine-tls': engineTls,
  policies,
  latency,
  routes,
  web,
  list,
};

async function runBench(name: string, bench: Bench, smoke: boolean): Promise<{ figures: Figures; missed: Bar[] }> {
  const folder = await temporaryFolder(`bench-${name}`);
  try {
    const measured = await bench({
      smoke,
      folder: folder.path,
      say: (text) => void process.stderr.write(`${name}: ${text}\n`),
    });
    const limits = bars[name] ?? [];
    const figures = arrangeFigures(measured, limits);
    return { figures, missed: smoke ? [] : limits.filter((bar) => !holds(bar, figures)) };
  } finally {
    await folder.remove();
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, smoke: { type: 'boolean', default: false } },
});
const [name = ''] = positionals;
const bench = benches[name];
if (bench === undefined) {
  process.stderr.write(`Benches: ${Object.keys(benches).join(', ')}\n`);
  process.exitCode = 2;
} else {
  try {
    const { figures, missed } = await runBench(name, bench, values.smoke);
    for (const [figure, value] of Object.entries(figures)) process.stderr.write(`${figure.padEnd(28)} ${value}\n`);
    for (const bar of missed) process.stderr.write(`missed: ${describeBar(bar, figures)}\n`);
    const pass = missed.length === 0;
    if (values.json) process.stdout.write(`${JSON.stringify({ bench: name, pass, figures })}\n`);
    process.exitCode = pass ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    if (values.json) process.stdout.write(`${JSON.stringify({ bench: name, pass: false, figures: {} })}\n`);
    process.exitCode = 2;
  }
}
