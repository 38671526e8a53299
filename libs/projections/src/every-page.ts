import type { Page } from '@tollgate/contracts/rest';

/** Largest page that snapshots give. */
const pageLimit = 200;

/** Yields the items of a paged list, reading one page after the other. */
export async function* everyPage<T>(
  readPage: (query: { limit: number; cursor?: string }) => Promise<Page<T>>,
): AsyncGenerator<T> {
  let cursor: string | null = null;
  do {
    const page: Page<T> = await readPage({ limit: pageLimit, ...(cursor === null ? {} : { cursor }) });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
