import { api, dataOf, usePages } from '@tollgate/ui';
import type { components } from '@tollgate/client';
import { refDebounced } from './ref-debounced.ts';
import { computed, type Ref } from 'vue';
import { useSiteSlug } from '../../app/site.ts';

/** A product as the catalogue lists it. */
export type CatalogueProduct = components['schemas']['CatalogueProduct'];

const pageSize = 60;

/** The products on sale here that `wanted` fits. A catalogue that is all here is searched at once, a larger one by the server. */
export function useCatalogue(wanted: Ref<string>) {
  const siteSlug = useSiteSlug();
  const text = computed(() => wanted.value.trim());
  const asked = refDebounced(text, 250);

  function read(search: string | undefined) {
    return ({ cursor, signal }: { cursor: string | undefined; signal: AbortSignal }) =>
      dataOf(
        api.GET('/api/v1/portal/{siteSlug}/products', {
          params: { path: { siteSlug: siteSlug.value }, query: { limit: pageSize, cursor, search } },
          signal,
        }),
      );
  }

  const all = usePages({ key: () => ['products', siteSlug.value], read: read(undefined) });
  const isAskedFor = computed(() => text.value !== '' && all.hasNextPage.value);
  const found = usePages({
    key: () => ['products', siteSlug.value, { search: asked.value }],
    read: (page) => read(asked.value)(page),
    enabled: computed(() => isAskedFor.value && asked.value !== ''),
  });

  const shown = computed(() => (isAskedFor.value ? found : all));
  const items = computed<readonly CatalogueProduct[]>(() =>
    text.value === '' || isAskedFor.value ? shown.value.items.value : all.items.value.filter(fits),
  );

  function fits({ name, description }: CatalogueProduct): boolean {
    const content = `${name} ${description}`.toLocaleLowerCase();
    return text.value
      .toLocaleLowerCase()
      .split(/\s+/u)
      .every((word) => content.includes(word));
  }

  return { items, shown, text };
}
