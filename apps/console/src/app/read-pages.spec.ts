import { describe, expect, it } from 'vitest';
import { readPages } from './read-pages.ts';

/** A list of three pages of two. */
const read = (cursor: string | undefined) => {
  const page = Number(cursor ?? 0);
  return Promise.resolve({ items: [page * 2, page * 2 + 1], nextCursor: page === 2 ? null : String(page + 1) });
};

describe('a list that is read in one go', () => {
  it('is read to its end', async () => {
    expect(await readPages({ read, mostPages: 3 })).toEqual({ items: [0, 1, 2, 3, 4, 5], hasMore: false });
  });

  it('says so where it goes on beyond what is read', async () => {
    expect(await readPages({ read, mostPages: 2 })).toEqual({ items: [0, 1, 2, 3], hasMore: true });
  });
});
