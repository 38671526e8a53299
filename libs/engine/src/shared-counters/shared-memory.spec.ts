import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SharedMemory } from './shared-memory.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

const inUse = () => false;
const unused = () => true;

describe('memory that workers share', () => {
  it('is the same under the same name, for primary and worker, and told of once', () => {
    const primary = new SharedMemory();
    const piece = primary.take('a', 100);
    const worker = new SharedMemory(false);
    worker.adopt(primary.takeNews());
    expect(worker.take('a', 100)).toBe(piece);
    expect(primary.takeNews().size).toBe(0);
    expect([...primary.all().keys()]).toEqual(['a']);
  });

  it('is never made by a worker: what it counted there would be its own', () => {
    expect(() => new SharedMemory(false).take('a', 100)).toThrow('the primary has no memory for "a"');
  });

  it('gives pieces that do not overlap', () => {
    const memory = new SharedMemory();
    const pieces = Array.from({ length: 2_000 }, (_, index) => memory.take(`${index}`, 100));
    const starts = new Map<SharedArrayBuffer, Set<number>>();
    for (const { buffer, offset, bytes } of pieces) {
      expect([bytes % 64, offset % 64, offset + bytes <= buffer.byteLength]).toEqual([0, 0, true]);
      const seen = starts.get(buffer) ?? new Set();
      starts.set(buffer, seen.add(offset));
    }
    expect([...starts.values()].reduce((sum, offsets) => sum + offsets.size, 0)).toBe(pieces.length);
  });

  it('is used again, empty, once nobody can be at work with it', () => {
    const memory = new SharedMemory();
    const first = memory.take('a', 64);
    new Uint8Array(first.buffer, first.offset, 64).fill(1);
    memory.retire('a', unused);
    expect(memory.take('b', 64)).not.toBe(first);
    vi.advanceTimersByTime(60_000);
    expect(memory.take('c', 64)).toBe(first);
    expect(new Uint8Array(first.buffer, first.offset, 64).every((byte) => byte === 0)).toBe(true);
  });

  it('is not used again while somebody is', () => {
    const memory = new SharedMemory();
    const first = memory.take('a', 64);
    memory.retire('a', inUse);
    vi.advanceTimersByTime(60_000);
    expect(memory.take('b', 64)).not.toBe(first);
  });
});
