import { describe, expect, it } from 'vitest';
import { SharedMemory } from './shared-memory.ts';
import { hammer } from './testing/hammer.ts';
import { WindowTable, windowTableBytes } from './window-table.ts';

const threads = 4;
const terms = { limit: 3, windowMs: 1000 };

const newPiece = () => new SharedMemory().take('windows', windowTableBytes);

describe('windows that threads share', () => {
  it('let exactly as many calls through as they may, however many threads count in one at a time', async () => {
    const limit = 2_000_000;
    const windows = { keys: ['all'], terms: { limit, windowMs: 60_000 } };
    const passed = await hammer(threads, { piece: newPiece(), calls: 1_500_000, windows });
    expect(passed.flat().reduce((sum, calls) => sum + calls, 0)).toBe(limit);
    expect(passed.filter(([calls = 0]) => calls > 0).length).toBeGreaterThan(1);
  }, 30_000);

  it('keep many keys apart, each exactly', async () => {
    const keys = Array.from({ length: 2_000 }, (_, index) => `consumer-${index}`);
    const windows = { keys, terms: { limit: 50, windowMs: 60_000 } };
    const passed = await hammer(threads, { piece: newPiece(), calls: 40 * keys.length, windows });
    const totals = keys.map((_, index) => passed.reduce((sum, counts) => sum + (counts[index] ?? 0), 0));
    expect(new Set(totals)).toEqual(new Set([50]));
  }, 30_000);

  it('are found by whoever comes later, with the same limit and key', () => {
    const piece = newPiece();
    const first = new WindowTable(piece, 1);
    expect(first.use(first.key('a', first.seedFor('l')), terms, 0)).toBe(true);
    const second = new WindowTable(piece, 2);
    expect(second.use(second.key('a', second.seedFor('l')), terms, 0)).toBe(true);
    expect(second.used).toBe(2);
    second.use(second.key('a', second.seedFor('other')), terms, 0);
    expect(second.used).toBe(1);
  });
});

describe('a window', () => {
  it('begins with its first call and ends when its time is over', () => {
    const table = new WindowTable(newPiece(), 0);
    const key = table.key('a', table.seedFor('l'));
    const use = (now: number) => table.use(key, terms, now);
    expect([use(500), use(600), use(700), use(1499)]).toEqual([true, true, true, false]);
    expect([table.used, table.endsAt]).toEqual([3, 1500]);
    expect(use(1500)).toBe(true);
    expect([table.used, table.endsAt]).toEqual([1, 2500]);
  });

  it('makes room for another key only when its bucket is full, the one that ends first at first', () => {
    const table = new WindowTable(newPiece(), 0);
    const keyOf = (high: number) => ({ text: '', low: 7, high, slot: 16 + 7 * 16 * 6 });
    for (let high = 1; high <= 16; high++) table.use(keyOf(high), terms, high === 9 ? 0 : 10);
    table.use(keyOf(17), terms, 20);
    const usedOf = (high: number) => (table.use(keyOf(high), terms, 30), table.used);
    expect([usedOf(17), usedOf(1), usedOf(16)]).toEqual([2, 2, 2]);
    expect(usedOf(9)).toBe(1);
  });

  it('keeps its count while tens of thousands of others come', () => {
    const table = new WindowTable(newPiece(), 0);
    const seed = table.seedFor('l');
    const keys = Array.from({ length: 50_000 }, (_, index) => `key-${index}`);
    for (const key of keys) table.use(table.key(key, seed), terms, 0);
    const kept = keys.filter((key) => (table.use(table.key(key, seed), terms, 0), table.used === 2));
    expect(kept).toHaveLength(keys.length);
  });

  it('is counted in again when the worker that held it has ended', () => {
    const piece = newPiece();
    const words = new Int32Array(piece.buffer);
    const table = new WindowTable(piece, 1);
    // What a worker with id 3 leaves that ends between taking and giving back every lock.
    for (let lock = 16 + 5; lock < words.length; lock += 16 * 6) words[lock] = 4;
    table.workerGone(3);
    expect(table.use(table.key('a', table.seedFor('l')), terms, 0)).toBe(true);
  });
});
