import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuotaCounter, type QuotaTerms } from './quota-counter.ts';

const start = Date.UTC(2026, 4, 1);
const periodEnd = Date.UTC(2026, 5, 1);
const minute = 60_000;

const terms = (change: Partial<QuotaTerms> = {}): QuotaTerms => ({
  lease: 3,
  nextLease: 5,
  periodEnd,
  watermark: 0,
  ...change,
});

/** Makes a billable call when there is room; tells whether there was. */
function call(counter: QuotaCounter, now = start): boolean {
  if (!counter.hasRoom(now)) return false;
  counter.begin();
  counter.end(true, now);
  return true;
}

const callsUntilRefused = (counter: QuotaCounter, now = start): number => {
  let calls = 0;
  while (call(counter, now)) calls += 1;
  return calls;
};

describe('a lease', () => {
  it('lets as many calls pass as it says, those under way among them', () => {
    const counter = new QuotaCounter(terms());
    counter.begin();
    expect(callsUntilRefused(counter)).toBe(2);
    counter.end(true, start);
    expect(counter.hasRoom(start)).toBe(false);
  });

  it('gives back what a call took that is not billed', () => {
    const counter = new QuotaCounter(terms({ lease: 1 }));
    counter.begin();
    expect(counter.hasRoom(start)).toBe(false);
    counter.end(false, start);
    expect(counter.hasRoom(start)).toBe(true);
  });

  it('is used up by calls above the watermark only, each known by the batch it went into', () => {
    const counter = new QuotaCounter(terms());
    expect(callsUntilRefused(counter)).toBe(3);
    counter.seal(1, start, 1);
    counter.seal(2, start, 1);
    counter.seal(2, start + minute, 1);
    counter.update(terms({ watermark: 1 }));
    expect(counter.open).toBe(2);
    counter.update(terms({ watermark: 2 }));
    expect(counter.open).toBe(0);
  });

  it('counts the calls of a refused batch until they are in another one, but not those given up', () => {
    const counter = new QuotaCounter(terms());
    callsUntilRefused(counter);
    counter.seal(1, start, 3);
    counter.unseal(1, 1);
    expect(counter.open).toBe(2);
    counter.seal(1, start, 2);
    counter.update(terms({ watermark: 1 }));
    expect(counter.open).toBe(0);
  });

  it('of 0 refuses until the period ends', () => {
    const counter = new QuotaCounter(terms({ lease: 0 }));
    expect(call(counter)).toBe(false);
    expect(counter.isExhausted(periodEnd - 1)).toBe(true);
    expect(counter.isExhausted(periodEnd)).toBe(false);
  });

  it('never goes below nothing for calls that an earlier process left', () => {
    const counter = new QuotaCounter(terms());
    call(counter);
    counter.seal(1, start, 100);
    counter.update(terms({ watermark: 1 }));
    expect(counter.open).toBe(0);
    expect(callsUntilRefused(counter)).toBe(3);
  });
});

describe('the end of a period', () => {
  it('begins the next one with its own lease, without the control plane', () => {
    const counter = new QuotaCounter(terms());
    expect(callsUntilRefused(counter, periodEnd - 1)).toBe(3);
    expect(callsUntilRefused(counter, periodEnd)).toBe(5);
  });

  it('leaves batches of the old period without effect on the new one', () => {
    const counter = new QuotaCounter(terms());
    callsUntilRefused(counter, periodEnd - 1);
    callsUntilRefused(counter, periodEnd);
    counter.seal(1, periodEnd - minute, 3);
    counter.update(terms({ periodEnd: Date.UTC(2026, 6, 1), lease: 5, watermark: 1 }));
    expect(counter.open).toBe(5);
    counter.seal(2, periodEnd, 5);
    expect(counter.open).toBe(5);
  });

  it('counts a call that began before it in the new period', () => {
    const counter = new QuotaCounter(terms());
    counter.begin();
    counter.end(true, periodEnd);
    expect(counter.open).toBe(1);
  });

  it('is not undone by late news of the old period', () => {
    const counter = new QuotaCounter(terms());
    expect(callsUntilRefused(counter, periodEnd)).toBe(5);
    counter.seal(1, periodEnd, 5);
    counter.update(terms({ lease: 3, nextLease: 6, watermark: 1 }));
    expect(callsUntilRefused(counter, periodEnd)).toBe(1);
  });

  it('goes on with what the control plane knows of the new period', () => {
    const counter = new QuotaCounter(terms());
    callsUntilRefused(counter, periodEnd);
    counter.seal(1, periodEnd, 5);
    counter.update(terms({ lease: 4, periodEnd: Date.UTC(2026, 6, 1), watermark: 1 }));
    expect(callsUntilRefused(counter, periodEnd + minute)).toBe(4);
  });
});

describe('several data planes', () => {
  /** What the control plane would lease of a limit. */
  const leaseOf = (remaining: number, dataPlanes: number) =>
    remaining <= 0 ? 0 : Math.max(1, Math.floor(remaining / dataPlanes));

  it('let at most their leases pass beyond the limit, and the whole limit, whatever comes in which order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.tuple(fc.constantFrom('call', 'seal', 'count', 'lease'), fc.nat(3)), { maxLength: 400 }),
        (dataPlanes, limit, steps) => {
          const firstLease = leaseOf(limit, dataPlanes);
          const planes = Array.from({ length: dataPlanes }, () => ({
            counter: new QuotaCounter(terms({ lease: firstLease })),
            unsealed: 0,
            batches: [] as number[],
            counted: 0,
          }));
          let passed = 0;
          let used = 0;
          const lease = (plane: (typeof planes)[number]) =>
            plane.counter.update(terms({ lease: leaseOf(limit - used, dataPlanes), watermark: plane.counted }));
          const seal = (plane: (typeof planes)[number]) => {
            if (plane.unsealed === 0) return;
            plane.batches.push(plane.unsealed);
            plane.counter.seal(plane.batches.length, start, plane.unsealed);
            plane.unsealed = 0;
          };
          const count = (plane: (typeof planes)[number]) => {
            used += plane.batches[plane.counted] ?? 0;
            plane.counted = Math.min(plane.counted + 1, plane.batches.length);
          };
          const make = (plane: (typeof planes)[number]): boolean => {
            if (!call(plane.counter)) return false;
            plane.unsealed += 1;
            passed += 1;
            return true;
          };
          for (const [step, index] of steps) {
            const plane = planes[index % dataPlanes];
            if (plane === undefined) continue;
            if (step === 'call') make(plane);
            if (step === 'seal') seal(plane);
            if (step === 'count') count(plane);
            if (step === 'lease') lease(plane);
          }
          for (let round = 0; round < limit * dataPlanes + 2; round += 1) {
            for (const plane of planes) {
              make(plane);
              seal(plane);
              while (plane.counted < plane.batches.length) count(plane);
            }
            for (const plane of planes) lease(plane);
          }
          expect(passed).toBeGreaterThanOrEqual(limit);
          expect(passed - limit).toBeLessThanOrEqual(dataPlanes * firstLease);
          expect(used).toBe(passed);
        },
      ),
      { numRuns: 500 },
    );
  });
});
