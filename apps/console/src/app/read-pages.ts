import type { Page } from '@tollgate/ui';

/** Reads a list page by page, at most so many pages. @returns what they hold, and whether there is more. */
export async function readPages<T>(options: {
  readonly read: (cursor: string | undefined) => Promise<Page<T>>;
  readonly mostPages: number;
}): Promise<{ items: readonly T[]; hasMore: boolean }> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < options.mostPages; page += 1) {
    const { items: found, nextCursor } = await options.read(cursor);
    items.push(...found);
    if (nextCursor === null) return { items, hasMore: false };
    cursor = nextCursor;
  }
  return { items, hasMore: true };
}
