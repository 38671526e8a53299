import { describe, expect, it } from 'vitest';
import { Turns } from './turns.ts';

const refuse = (): never => {
  throw new Error('too many');
};

describe('turns', () => {
  it('let as much go on at once as they should, in the order it came, and refuse what is beyond the bounds at once', async () => {
    const turns = new Turns({ atOnce: 2, waiting: 3 });
    const ends: (() => void)[] = [];
    const begun: number[] = [];
    const work = (n: number) => () => {
      begun.push(n);
      return new Promise<number>((resolve) => ends.push(() => resolve(n)));
    };
    const all = [0, 1, 2, 3, 4].map((n) => turns.run(work(n), refuse));
    await expect(turns.run(work(5), refuse)).rejects.toThrow('too many');
    expect(begun).toEqual([0, 1]);
    for (let n = 0; n < 5; n += 1) {
      ends[n]?.();
      await all[n];
    }
    expect(begun).toEqual([0, 1, 2, 3, 4]);
  });

  it('go on when work fails', async () => {
    const turns = new Turns({ atOnce: 1, waiting: 1 });
    const failed = turns.run(() => Promise.reject(new Error('broken')), refuse);
    const next = turns.run(() => Promise.resolve('done'), refuse);
    await expect(failed).rejects.toThrow('broken');
    expect(await next).toBe('done');
    expect(await turns.run(() => Promise.resolve('again'), refuse)).toBe('again');
  });
});
