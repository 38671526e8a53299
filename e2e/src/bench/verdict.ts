import type { Bar } from './bars.ts';
import type { Figures } from './bench.ts';

/** Whether a bar is held; a figure that is missing holds none. */
export function holds({ figure, most, least, or }: Bar, figures: Figures): boolean {
  const value = figures[figure];
  const isHeld =
    value !== undefined && (most === undefined || value <= most) && (least === undefined || value >= least);
  return isHeld || (or !== undefined && holds(or, figures));
}

/** Says what a figure must be. */
export function describeBar({ figure, most, least, or }: Bar, figures: Figures): string {
  const limit = most === undefined ? `at least ${least}` : `at most ${most}`;
  const value = figures[figure];
  const text = `${figure} must be ${limit} and ${value === undefined ? 'is missing' : `is ${value}`}`;
  return or === undefined ? text : `${text}, or ${describeBar(or, figures)}`;
}

/** Three decimals, so that a ratio just over its bar does not round to it; the figures with a bar first. */
export function arrangeFigures(measured: Figures, bars: readonly Bar[]): Figures {
  const barred = bars.flatMap(({ figure, or }) => (or === undefined ? [figure] : [figure, or.figure]));
  const names = [...new Set([...barred, ...Object.keys(measured)])];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = measured[name];
      return value === undefined ? [] : [[name, Math.round(value * 1000) / 1000]];
    }),
  );
}
