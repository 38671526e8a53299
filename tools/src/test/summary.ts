import { stripVTControlCharacters } from 'node:util';

/** Something that failed: what, by the name under which it can be run again, and why. */
export interface Failure {
  readonly what: string;
  /** Of several lines only the first is shown. */
  readonly why: string;
}

/** A stage that has been run. */
export interface StageTime {
  readonly name: string;
  readonly seconds: number;
}

const mostFailures = 40;
const mostCharacters = 300;
/** A stage that takes longer is named. */
const longSeconds = 120;

/** What stands before the last line of a run, so that a log of which only the end is left tells what failed and what took long. */
export function summaryLines(failures: readonly Failure[], stages: readonly StageTime[]): string[] {
  const more = failures.length - mostFailures;
  return [
    ...stages
      .filter(({ seconds }) => seconds > longSeconds)
      .map(({ name, seconds }) => `took long: ${name}, ${Math.round(seconds)} s`),
    ...failures.slice(0, mostFailures).map(({ what, why }) => `failed: ${what}: ${firstLine(why)}`),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

function firstLine(text: string): string {
  const line = stripVTControlCharacters(text).trim().split('\n', 1)[0] ?? '';
  return line.length > mostCharacters ? `${line.slice(0, mostCharacters)}…` : line;
}
