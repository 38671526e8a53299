import { keepPreviousData, useInfiniteQuery } from '@tanstack/vue-query';
import { computed, type MaybeRefOrGetter, toValue } from 'vue';

/** One page of any list of the public API. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
  /** Over all pages; where it was asked for. */
  readonly total?: number | undefined;
}

/** A list that grows page by page; `items` are those read so far, `total` what the first page says. `key` must hold everything that `read` depends on. */
export function usePages<T>(options: {
  key: MaybeRefOrGetter<readonly unknown[]>;
  read: (page: { cursor: string | undefined; signal: AbortSignal }) => Promise<Page<T>>;
  enabled?: MaybeRefOrGetter<boolean>;
  refetchInterval?: number;
  /** Shows what was there until the list of another key has come, as while somebody types a search. */
  keepsPrevious?: boolean;
}) {
  const query = useInfiniteQuery({
    queryKey: computed(() => [...toValue(options.key)]),
    queryFn: ({ pageParam, signal }) => options.read({ cursor: pageParam, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Page<T>) => last.nextCursor ?? undefined,
    enabled: computed(() => toValue(options.enabled ?? true)),
    refetchInterval: options.refetchInterval ?? false,
    // Rows are shown and never changed; making thousands of them reactive one by one would cost more than showing them.
    shallow: true,
    ...(options.keepsPrevious ? { placeholderData: keepPreviousData } : {}),
  });
  return {
    ...query,
    items: computed(() => query.data.value?.pages.flatMap((page) => page.items) ?? []),
    total: computed(() => query.data.value?.pages[0]?.total),
  };
}
