import { describe, expect, it } from 'vitest';
import { summaryLines } from './summary.ts';

describe('the end of a run', () => {
  it('says nothing more when all is well and nothing took long', () => {
    expect(summaryLines([], [{ name: 'unit', seconds: 119 }])).toEqual([]);
  });

  it('names what failed, with the first line of why and without colours', () => {
    const failures = [
      { what: 'lint', why: 'exit code 1' },
      {
        what: 'a.spec.ts > a call > is answered',
        why: '\x1b[31mAssertionError: expected 1 to be 2\x1b[39m\n    at x.ts',
      },
    ];
    expect(summaryLines(failures, [])).toEqual([
      'failed: lint: exit code 1',
      'failed: a.spec.ts > a call > is answered: AssertionError: expected 1 to be 2',
    ]);
  });

  it('stays short: 40 failures, and how many more there are, none of them longer than a line', () => {
    const failures = Array.from({ length: 43 }, (_, index) => ({ what: `test ${index}`, why: 'x'.repeat(10_000) }));
    const lines = summaryLines(failures, []);
    expect(lines).toHaveLength(41);
    expect(lines.at(-1)).toBe('and 3 more');
    expect(lines[0]).toBe(`failed: test 0: ${'x'.repeat(300)}…`);
    expect(summaryLines(failures.slice(3), [])).toHaveLength(40);
  });

  it('names stages that took long', () => {
    const stages = [
      { name: 'unit', seconds: 30 },
      { name: 'int', seconds: 310.4 },
    ];
    expect(summaryLines([], stages)).toEqual(['took long: int, 310 s']);
  });
});
