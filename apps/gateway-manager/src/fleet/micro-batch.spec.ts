import { describe, expect, it } from 'vitest';
import { MicroBatch } from './micro-batch.ts';

function recording(maxItems: number, fail = false) {
  const written: number[][] = [];
  const batch = new MicroBatch<number>({
    maxItems,
    maxWaitMs: 5,
    write: async (items) => {
      written.push([...items]);
      if (fail) throw new Error('disk full');
    },
  });
  return { batch, written };
}

describe('a micro batch', () => {
  it('writes together what comes together', async () => {
    const { batch, written } = recording(10);
    await Promise.all([batch.add(1), batch.add(2), batch.add(3)]);
    await batch.add(4);
    expect(written).toEqual([[1, 2, 3], [4]]);
  });

  it('is never larger than its bound', async () => {
    const { batch, written } = recording(2);
    await Promise.all([1, 2, 3, 4, 5].map((item) => batch.add(item)));
    expect(written).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('tells every caller of a failed write, and goes on', async () => {
    const { batch, written } = recording(10, true);
    const outcomes = await Promise.allSettled([batch.add(1), batch.add(2)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(batch.add(3)).rejects.toThrow('disk full');
    expect(written).toEqual([[1, 2], [3]]);
  });
});
