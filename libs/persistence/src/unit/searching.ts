import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';

/**
 * Keeps only rows in which one of the expressions has the text in it, in any case; no text keeps them all. The text is compared as it is:
 * nothing in it is a pattern. No index helps, so the list must be one tenant's, which row-level security sees to.
 * @param expressions SQL of the caller's own making, never anything that somebody sent.
 */
export function whereContains<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  expressions: readonly string[],
  text: string | undefined,
): void {
  if (text === undefined) return;
  // A line between them: a text does not fit across two.
  const searched = `concat_ws(chr(10), ${expressions.join(', ')})`;
  query.andWhere(`strpos(lower(${searched}), lower(:searchedText)) > 0`, { searchedText: text });
}

/**
 * The same for one column that holds its texts in lower case already, as a generated column does for lists that are long.
 * @param column SQL of the caller's own making.
 */
export function whereHolds<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  column: string,
  text: string | undefined,
): void {
  if (text !== undefined) query.andWhere(`strpos(${column}, lower(:heldText)) > 0`, { heldText: text });
}
