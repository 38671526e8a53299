/** One replacement of a part of a text. */
export interface TextChange {
  readonly from: number;
  /** Offset behind what is replaced, in the text before. */
  readonly to: number;
  readonly insert: string;
}

/**
 * The smallest single replacement that makes `after` of `before`; undefined when they are the same. An editor that is told only what differs
 * keeps its cursor, its folds and its place on the page.
 */
export function changeBetween(before: string, after: string): TextChange | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
