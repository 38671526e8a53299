import { describe, expect, it } from 'vitest';
import { BusUnavailableError } from '../bus/bus-errors.ts';
import { attempt } from './retries.ts';

const policy = { attempts: 3, firstMs: 1, longestMs: 1 };
const running = new AbortController().signal;

/** Work that fails `failures` times with `cause`, and how often it was tried. */
function failing(failures: number, cause: Error = new Error('no')) {
  const made = { tries: 0 };
  const work = async (): Promise<string> => {
    made.tries += 1;
    if (made.tries <= failures) throw cause;
    return 'done';
  };
  return { made, work };
}

describe('attempts', () => {
  it('end with the first success', async () => {
    const { made, work } = failing(2);
    const retried: unknown[] = [];
    expect(await attempt(policy, running, work, (cause) => retried.push(cause))).toEqual({ ok: true, value: 'done' });
    expect([made.tries, retried.length]).toEqual([3, 2]);
  });

  it('end after as many failures as allowed', async () => {
    const cause = new Error('always');
    const { made, work } = failing(Infinity, cause);
    expect(await attempt(policy, running, work, () => undefined)).toEqual({ ok: false, cause });
    expect(made.tries).toBe(3);
  });

  it('do not count an outage: it is thrown at once', async () => {
    const { made, work } = failing(Infinity, new BusUnavailableError('away'));
    await expect(attempt(policy, running, work, () => undefined)).rejects.toThrow(BusUnavailableError);
    expect(made.tries).toBe(1);
  });

  it('are not repeated once the consumer is stopping', async () => {
    const { made, work } = failing(Infinity);
    await expect(attempt(policy, AbortSignal.abort(), work, () => undefined)).rejects.toThrow('no');
    expect(made.tries).toBe(1);
  });
});
