import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Counts } from './counts.ts';
import type { Stage } from './stages.ts';
import type { Failure } from './summary.ts';
import { countsOf, failuresOf, type VitestReport } from './vitest-report.ts';

interface StageContext {
  root: string;
  /** Temporary folder for reports. */
  folder: string;
  env: Readonly<Record<string, string>>;
}

/** What a stage has checked. Where `failures` is empty, `counts.failed` is 0. */
export interface StageResult {
  readonly counts: Counts;
  readonly failures: readonly Failure[];
}

/** Runs one stage with its output passed through, and counts what it checked. A stage that cannot even report counts as failed. */
export async function runStage(stage: Stage, context: StageContext): Promise<StageResult> {
  const path = join(context.folder, `${stage.name}.json`);
  const reporters =
    stage.counts === 'vitest' ? ['--reporter=default', '--reporter=json', `--outputFile.json=${path}`] : [];
  const [program = 'true', ...args] = [...stage.command, ...reporters];
  const code = await run(program, args, context);
  const whole = { what: stage.name, why: `exit code ${code}` };
  if (stage.counts === 'exit') {
    return code === 0
      ? { counts: { passed: 1, failed: 0, skipped: 0 }, failures: [] }
      : { counts: { passed: 0, failed: 1, skipped: 0 }, failures: [whole] };
  }
  const report = await readReport(path);
  if (report === undefined) {
    const failure = { ...whole, why: `${whole.why}, without a report` };
    return { counts: { passed: 0, failed: 1, skipped: 0 }, failures: [failure] };
  }
  const counts = countsOf(report);
  const failures = failuresOf(report, context.root);
  if (code === 0 || counts.failed > 0) return { counts, failures };
  const hidden = { ...whole, why: `${whole.why}, but no test failed` };
  return { counts: { ...counts, failed: 1 }, failures: failures.length > 0 ? failures : [hidden] };
}

/** Undefined when there is none, or a stage that was ended has left half of one. */
async function readReport(path: string): Promise<VitestReport | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as VitestReport;
  } catch {
    return undefined;
  }
}

function run(program: string, args: readonly string[], context: StageContext): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: context.root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...context.env },
    });
    child.once('error', (error) => {
      process.stderr.write(`${program}: ${error.message}\n`);
      resolve(1);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
