import type { Page } from '@tollgate/contracts/rest';

const pageSize = 200;

/** All items of a list, page by page. */
export async function* everyPage<T>(
  read: (query: { limit: number; cursor?: string }) => Promise<Page<T>>,
): AsyncGenerator<T> {
  let cursor: string | null | undefined;
  do {
    const page = await read({ limit: pageSize, ...(cursor ? { cursor } : {}) });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
