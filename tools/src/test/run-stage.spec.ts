import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runStage, type StageResult } from './run-stage.ts';
import type { VitestReport } from './vitest-report.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-stage-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a program of Node as a stage. */
function runProgram(counts: 'exit' | 'vitest', program: string): Promise<StageResult> {
  const stage = { name: 'probe', counts, command: [process.execPath, '-e', program, '--'] };
  return runStage(stage, { root: folder, folder, env: {} });
}

/** Runs a stage that leaves this report where it is told to, and ends with this code. */
function report(testResults: VitestReport['testResults'], code: number): Promise<StageResult> {
  const statuses = testResults.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status));
  const many = (wanted: string) => statuses.filter((status) => status === wanted).length;
  const text = JSON.stringify({
    numPassedTests: many('passed'),
    numFailedTests: many('failed'),
    numPendingTests: many('skipped'),
    numTodoTests: 0,
    testResults,
  } satisfies VitestReport);
  return runProgram(
    'vitest',
    `const path = process.argv.at(-1).replace('--outputFile.json=', '');
    require('node:fs').writeFileSync(path, ${JSON.stringify(text)});
    process.exitCode = ${code};`,
  );
}

const test = (title: string, status: string, ...failureMessages: string[]) => ({
  ancestorTitles: ['outer', 'inner'],
  title,
  status,
  failureMessages,
});

describe('a stage that is one check', () => {
  it('passes with its command', async () => {
    expect(await runProgram('exit', '')).toEqual({ counts: { passed: 1, failed: 0, skipped: 0 }, failures: [] });
  });

  it('fails with its name and the exit code of its command', async () => {
    expect(await runProgram('exit', 'process.exit(3)')).toEqual({
      counts: { passed: 0, failed: 1, skipped: 0 },
      failures: [{ what: 'probe', why: 'exit code 3' }],
    });
  });
});

describe('a stage of tests', () => {
  it('names each failed test by its file and its full name', async () => {
    const assertionResults = [test('holds', 'passed'), test('breaks', 'failed', 'Error: no'), test('waits', 'skipped')];
    const files = [{ name: join(folder, 'libs/a.spec.ts'), status: 'failed', message: '', assertionResults }];
    expect(await report(files, 1)).toEqual({
      counts: { passed: 1, failed: 1, skipped: 1 },
      failures: [{ what: 'libs/a.spec.ts > outer > inner > breaks', why: 'Error: no' }],
    });
  });

  it('names a file that could not be loaded, beside failed tests and alone', async () => {
    const broken = {
      name: join(folder, 'b.spec.ts'),
      status: 'failed',
      message: 'Cannot find x',
      assertionResults: [],
    };
    const unloaded = { what: 'b.spec.ts', why: 'Cannot find x' };
    const failing = {
      ...broken,
      name: join(folder, 'a.spec.ts'),
      message: '',
      assertionResults: [test('breaks', 'failed')],
    };
    expect((await report([failing, broken], 1)).failures).toEqual([
      { what: 'a.spec.ts > outer > inner > breaks', why: 'no message' },
      unloaded,
    ]);
    expect(await report([broken], 1)).toEqual({
      counts: { passed: 0, failed: 1, skipped: 0 },
      failures: [unloaded],
    });
  });

  it('names a file of which only a hook failed', async () => {
    const file = {
      name: join(folder, 'c.spec.ts'),
      status: 'failed',
      message: '',
      assertionResults: [test('x', 'skipped')],
    };
    expect((await report([file], 1)).failures).toEqual([{ what: 'c.spec.ts', why: 'failed outside of its tests' }]);
  });

  it('fails by its exit code when every test has passed', async () => {
    const assertionResults = [test('holds', 'passed')];
    const file = { name: join(folder, 'd.spec.ts'), status: 'passed', message: '', assertionResults };
    expect(await report([file], 1)).toEqual({
      counts: { passed: 1, failed: 1, skipped: 0 },
      failures: [{ what: 'probe', why: 'exit code 1, but no test failed' }],
    });
  });

  it('fails when it leaves no report, or half of one', async () => {
    const failed = { counts: { passed: 0, failed: 1, skipped: 0 } };
    const why = 'exit code 0, without a report';
    expect(await runProgram('vitest', '')).toEqual({ ...failed, failures: [{ what: 'probe', why }] });
    const half = `require('node:fs').writeFileSync(process.argv.at(-1).replace('--outputFile.json=', ''), '{"num')`;
    expect(await runProgram('vitest', half)).toEqual({ ...failed, failures: [{ what: 'probe', why }] });
  });
});
