import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Counts } from './counts.ts';
import type { Stage } from './stages.ts';

interface StageContext {
  root: string;
  /** Temporary folder for reports. */
  folder: string;
  env: Readonly<Record<string, string>>;
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numFailedTestSuites: number;
  success: boolean;
}

/** Runs one stage with its output passed through, and counts what it checked. A stage that cannot even report counts as failed. */
export async function runStage(stage: Stage, context: StageContext): Promise<Counts> {
  const report = join(context.folder, `${stage.name}.json`);
  const reporters =
    stage.counts === 'vitest' ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : [];
  const [program = 'true', ...args] = [...stage.command, ...reporters];
  const code = await run(program, args, context);
  if (stage.counts === 'exit') return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  const counts = await readReport(report);
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

async function readReport(path: string): Promise<Counts> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const report = JSON.parse(text) as VitestReport;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
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
