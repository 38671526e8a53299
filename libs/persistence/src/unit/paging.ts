import { commonErrors } from '@tollgate/contracts/errors';
import type { Page } from '@tollgate/contracts/rest';
import { ApiError } from '@tollgate/platform';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';

/** One page of a list. */
export interface PageRequest {
  /** Items at most. */
  limit: number;
  /** `nextCursor` of the page before. */
  cursor?: string | undefined;
}

/** By which column a list is ordered. Ids sort by the time they were made. */
export interface PageOrder {
  /** Property of the entity; unique within the list. Default `id`. */
  by?: string;
  /** Default `asc`. */
  direction?: 'asc' | 'desc';
}

/**
 * Reads one page by keyset: rows after the cursor, in a stable order, at the same cost however far the caller has paged. Joins must be to
 * at most one row each.
 * @throws ApiError `request.invalid` when the cursor is none of ours.
 */
export async function readPage<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  request: PageRequest,
  order: PageOrder = {},
): Promise<Page<Row>> {
  const { by = 'id', direction = 'asc' } = order;
  const column = `${query.alias}.${by}`;
  if (request.cursor !== undefined) {
    query.andWhere(`${column} ${direction === 'asc' ? '>' : '<'} :afterKey`, {
      afterKey: decodeCursor(request.cursor, keyKindOf(query, by)),
    });
  }
  const rows = await query
    .orderBy(column, direction === 'asc' ? 'ASC' : 'DESC')
    .limit(request.limit + 1)
    .getMany();
  const items = rows.slice(0, request.limit);
  const last = items.at(-1);
  const hasMore = rows.length > request.limit;
  return { items, nextCursor: hasMore && last ? encodeCursor(last[by] as string | number) : null };
}

/** Maps the items of a page. */
export function mapPage<From, To>(page: Page<From>, map: (item: From) => To): Page<To> {
  return { items: page.items.map(map), nextCursor: page.nextCursor };
}

function encodeCursor(key: string | number): string {
  return Buffer.from(JSON.stringify([key])).toString('base64url');
}

type KeyKind = 'integer' | 'bigint' | 'text';

/** Largest values of PostgreSQL's types. */
const maxInteger = 2 ** 31 - 1;
const maxBigint = 2n ** 63n - 1n;

/** What PostgreSQL can compare with a column of the kind. TypeORM gives `bigint` as a string. */
const isKeyOf: Record<KeyKind, (key: unknown) => boolean> = {
  integer: (key) => Number.isSafeInteger(key) && Math.abs(key as number) <= maxInteger,
  bigint: (key) => typeof key === 'string' && /^\d{1,19}$/.test(key) && BigInt(key) <= maxBigint,
  text: (key) => typeof key === 'string' && !key.includes('\0') && key.isWellFormed(),
};

function decodeCursor(cursor: string, kind: KeyKind): string | number {
  const key = parseCursor(cursor);
  if (isKeyOf[kind](key)) return key as string | number;
  throw new ApiError(commonErrors.invalid, {
    errors: [{ pointer: '/query/cursor', message: 'This is no cursor of a page before.' }],
  });
}

function parseCursor(cursor: string): unknown {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parsed) && parsed.length === 1 ? parsed[0] : undefined;
  } catch {
    return undefined;
  }
}

function keyKindOf<Row extends ObjectLiteral>(query: SelectQueryBuilder<Row>, property: string): KeyKind {
  const type = query.expressionMap.mainAlias?.metadata.findColumnWithPropertyName(property)?.type;
  if (type === 'bigint') return 'bigint';
  return type === 'integer' || type === Number ? 'integer' : 'text';
}
