import { useQuery } from '@tanstack/vue-query';
import { api, dataOf, readStored, writeStored } from '@tollgate/ui';
import type { components } from '@tollgate/client';
import { computed } from 'vue';
import { useRoute } from 'vue-router';

/** What anybody may know about a portal site. */
export type Site = components['schemas']['PublicPortalSite'];

const storageKey = 'tollgate.site';

/** The site that this browser visited last. */
export const lastSite = (): string | null => readStored(storageKey);

/** To be called for every site that turned out to be there. */
export const rememberSite = (slug: string): void => writeStored(storageKey, slug);

/** The site's part of the present address. */
export function useSiteSlug() {
  const route = useRoute();
  return computed(() => String(route.params.siteSlug ?? ''));
}

/** The site that pages are about, as it shows itself to visitors. */
export function useSite() {
  const siteSlug = useSiteSlug();
  return useQuery({
    queryKey: computed(() => ['sites', siteSlug.value]),
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/v1/portal/{siteSlug}', { params: { path: { siteSlug: siteSlug.value } }, signal })),
    enabled: computed(() => siteSlug.value !== ''),
    staleTime: 60_000,
  });
}
