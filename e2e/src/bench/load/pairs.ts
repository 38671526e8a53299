import { median } from './statistics.ts';

/** Fewer pairs than this are no measurement. */
export const leastPairs = 5;

/** Values of the contestants, round by round; the values of one round were measured right after each other. */
export type Rounds<Name extends string, Value> = readonly Readonly<Record<Name, Value>>[];

/**
 * Measures every contestant once per round, one after the other. Every other round goes backwards, so that whoever was first
 * is last: what drifts (temperature, other processes) meets all of them alike.
 */
export async function measureRounds<Name extends string, Value>(
  names: readonly Name[],
  rounds: number,
  measure: (name: Name, round: number) => Promise<Value>,
): Promise<Rounds<Name, Value>> {
  const measured: Record<Name, Value>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const values: Partial<Record<Name, Value>> = {};
    for (const name of round % 2 === 0 ? names : names.toReversed()) values[name] = await measure(name, round);
    measured.push(values as Record<Name, Value>);
  }
  return measured;
}

/** The median over the rounds of one value per round. Throws when rounds are missing. */
export function medianOf<Round>(rounds: readonly Round[], valueOf: (round: Round) => number, atLeast: number): number {
  const values = rounds.map(valueOf).filter((value) => Number.isFinite(value));
  if (values.length < Math.max(1, atLeast)) throw new Error(`pairs are missing: ${values.length} of ${atLeast}`);
  return median(values);
}
