import { commonErrors } from '@tollgate/contracts/errors';
import type { ListSort, Page } from '@tollgate/contracts/rest';
import { ApiError } from '@tollgate/platform';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';

/** One page of a list. */
export interface PageRequest {
  /** Items at most. */
  limit: number;
  /** `nextCursor` of the page before. */
  cursor?: string | undefined;
  /** Counts the list over all pages; reads all that the query takes. */
  withTotal?: boolean | undefined;
}

/** By which column a list is ordered. Ids sort by the time they were made. */
export interface PageOrder {
  /** Property of the entity; unique within the list. Default `id`. */
  by?: string;
  /** Default `asc`. */
  direction?: 'asc' | 'desc';
  /** Name of the order where callers choose among several: a cursor of another is refused. */
  name?: string;
}

/** The order that a caller of a list with `sort` asks for, whose entity has `nameOrder` and `changedOrder`, each unique within the list. */
export function orderOf(sort: ListSort): PageOrder {
  const isTurned = sort.startsWith('-');
  const columns = { id: 'id', name: 'nameOrder', updatedAt: 'changedOrder' } as const;
  const by = columns[(isTurned ? sort.slice(1) : sort) as keyof typeof columns];
  // Cursors of the default order hold no name, as those of lists that know no other.
  return { by, direction: isTurned ? 'desc' : 'asc', ...(sort === 'id' ? {} : { name: sort }) };
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
  const { by = 'id', direction = 'asc', name } = order;
  const column = `${query.alias}.${by}`;
  const total = request.withTotal ? await countAll(query) : undefined;
  if (request.cursor !== undefined) {
    query.andWhere(`${column} ${direction === 'asc' ? '>' : '<'} :afterKey`, {
      afterKey: decodeCursor(request.cursor, { kind: keyKindOf(query, by), name }),
    });
  }
  const rows = await query
    .orderBy(column, direction === 'asc' ? 'ASC' : 'DESC')
    .limit(request.limit + 1)
    .getMany();
  const items = rows.slice(0, request.limit);
  const last = items.at(-1);
  const hasMore = rows.length > request.limit;
  const nextCursor = hasMore && last ? encodeCursor(last[by] as string | number, name) : null;
  return total === undefined ? { items, nextCursor } : { items, nextCursor, total };
}

async function countAll<Row extends ObjectLiteral>(query: SelectQueryBuilder<Row>): Promise<number> {
  const counted = await query.clone().select('count(*)', 'total').getRawOne<{ total: string }>();
  return Number(counted?.total ?? 0);
}

/** Maps the items of a page. */
export function mapPage<From, To>(page: Page<From>, map: (item: From) => To): Page<To> {
  return { ...page, items: page.items.map(map) };
}

function encodeCursor(key: string | number, name: string | undefined): string {
  return Buffer.from(JSON.stringify(name === undefined ? [key] : [key, name])).toString('base64url');
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

function decodeCursor(cursor: string, order: { kind: KeyKind; name: string | undefined }): string | number {
  const [key, name] = parseCursor(cursor);
  if (isKeyOf[order.kind](key) && name === order.name) return key as string | number;
  throw new ApiError(commonErrors.invalid, {
    errors: [{ pointer: '/query/cursor', message: 'This is no cursor of a page before.' }],
  });
}

function parseCursor(cursor: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parsed) && parsed.length <= 2 ? parsed : [];
  } catch {
    return [];
  }
}

function keyKindOf<Row extends ObjectLiteral>(query: SelectQueryBuilder<Row>, property: string): KeyKind {
  const type = query.expressionMap.mainAlias?.metadata.findColumnWithPropertyName(property)?.type;
  if (type === 'bigint') return 'bigint';
  return type === 'integer' || type === Number ? 'integer' : 'text';
}
