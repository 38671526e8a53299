const dayMs = 86_400_000;

/** How the times below a chart are written: days where there are many, else hours. */
export function axisTimeOf(times: readonly string[], language: string): Intl.DateTimeFormat {
  const span = new Date(times.at(-1) ?? 0).getTime() - new Date(times[0] ?? 0).getTime();
  return new Intl.DateTimeFormat(
    language,
    span > 2 * dayMs ? { month: 'short', day: 'numeric' } : { hour: 'numeric', minute: '2-digit' },
  );
}

/** The least that two lines of the scale may differ by: one whole where only whole things are counted, as there is no half a call; 0 is any. */
export function leastStepOf(rows: readonly (readonly (number | null)[])[]): number {
  return rows.every((values) => values.every((value) => value === null || Number.isInteger(value))) ? 1 : 0;
}
