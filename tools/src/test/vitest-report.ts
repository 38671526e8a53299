import { relative } from 'node:path';
import type { Counts } from './counts.ts';
import type { Failure } from './summary.ts';

/** What Vitest's JSON reporter writes, as far as it is used here. */
export interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  /** One per file. */
  readonly testResults: readonly FileResult[];
}

interface FileResult {
  /** The path of the file. */
  readonly name: string;
  readonly status: string;
  /** Why the file could not be loaded; empty otherwise. */
  readonly message: string;
  readonly assertionResults: readonly TestResult[];
}

interface TestResult {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

export function countsOf(report: VitestReport): Counts {
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** The tests that failed, and the files that failed without one: they could not be loaded, or a hook of theirs failed. */
export function failuresOf(report: VitestReport, root: string): Failure[] {
  return report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0 && status === 'failed') {
      return [{ what: file, why: message === '' ? 'failed outside of its tests' : message }];
    }
    return failed.map(({ ancestorTitles, title, failureMessages }) => ({
      what: [file, ...ancestorTitles, title].join(' > '),
      why: failureMessages[0] ?? 'no message',
    }));
  });
}
