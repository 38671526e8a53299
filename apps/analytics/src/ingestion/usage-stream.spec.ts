import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxGaps, UsageStream } from './usage-stream.ts';

const hashOf = (sequence: number) => sequence.toString(16).padStart(64, '0');

/** Sequences 1…n, each at least once, in any order, with repetitions. */
const deliveries = fc.integer({ min: 1, max: 60 }).chain((count) =>
  fc.tuple(
    fc.constant(count),
    fc.shuffledSubarray(
      Array.from({ length: count * 3 }, (_, index) => (index % count) + 1),
      { minLength: count * 3 },
    ),
  ),
);

describe('a stream of batches', () => {
  it('counts each batch once, whatever the order and however often each comes', () => {
    fc.assert(
      fc.property(deliveries, ([count, sequences]) => {
        const stream = new UsageStream();
        const counted = sequences.filter((sequence) => stream.admit(sequence, hashOf(sequence)) === 'new');
        expect(counted.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
        expect(stream.toState()).toMatchObject({ highWater: count, gaps: [] });
      }),
    );
  });

  it('decides the same after its state was stored and read at any time', () => {
    fc.assert(
      fc.property(deliveries, ([, sequences]) => {
        const kept = new UsageStream();
        let stored = new UsageStream();
        for (const sequence of sequences) {
          const state = JSON.parse(JSON.stringify(stored.toState())) as ReturnType<UsageStream['toState']>;
          stored = new UsageStream(state);
          expect(stored.admit(sequence, hashOf(sequence))).toBe(kept.admit(sequence, hashOf(sequence)));
        }
      }),
    );
  });

  it('remembers exactly what is missing', () => {
    const stream = new UsageStream();
    for (const sequence of [5, 9, 7]) stream.admit(sequence, hashOf(sequence));
    expect(stream.toState()).toMatchObject({
      highWater: 9,
      gaps: [
        [1, 4],
        [6, 6],
        [8, 8],
      ],
    });
  });

  it('notices a batch that comes again with other content', () => {
    const stream = new UsageStream();
    stream.admit(1, hashOf(1));
    expect(stream.admit(1, hashOf(1))).toBe('duplicate');
    expect(stream.admit(1, `f${hashOf(1).slice(1)}`)).toBe('conflict');
  });

  it('refuses more gaps than it can remember, and fills those it has', () => {
    const stream = new UsageStream();
    for (let gap = 1; gap <= maxGaps; gap += 1) expect(stream.admit(gap * 3, hashOf(gap))).toBe('new');
    expect(stream.admit(maxGaps * 3 + 2, hashOf(0))).toBe('refused');
    expect(stream.admit(maxGaps * 3 + 1, hashOf(0))).toBe('new');
    expect(stream.admit(1, hashOf(1))).toBe('new');
  });
});
