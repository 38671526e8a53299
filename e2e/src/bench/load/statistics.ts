/** The value below which the given share (0 to 1) of the sorted values lies: the nearest rank, no interpolation. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  const rank = Math.min(sorted.length, Math.max(1, Math.ceil(sorted.length * share)));
  const value = sorted[rank - 1];
  if (value === undefined) throw new Error('no values');
  return value;
}

/** Middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  const upper = sorted[Math.floor(sorted.length / 2)];
  if (lower === undefined || upper === undefined) throw new Error('no values');
  return (lower + upper) / 2;
}
