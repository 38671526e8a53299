import { useQuery } from '@tanstack/vue-query';
import { api, dataOf, readStored, writeStored } from '@tollgate/ui';
import type { components } from '@tollgate/client';
import { computed } from 'vue';
import { useRoute } from 'vue-router';

/** What anybody may know about a portal site. */
export type Site = components['schemas']['PublicPortalSite'];

const storageKey = 'tollgate.site';
const accentKeyOf = (slug: string): string => `tollgate.accent.${slug}`;

/** The site that this browser visited last. */
export const lastSite = (): string | null => readStored(storageKey);

/** To be called for every site that turned out to be there: it is gone to without an address, and shown in its colour at once. */
export function rememberSite({ slug, accentColor }: Pick<Site, 'slug' | 'accentColor'>): void {
  writeStored(storageKey, slug);
  writeStored(accentKeyOf(slug), accentColor);
  document.documentElement.dataset.accent = accentColor;
}

/** Shows a site in the colour that it had at the last visit, until it says which it has now. */
export function recallAccent(slug: string): void {
  const accent = readStored(accentKeyOf(slug));
  if (accent === null) delete document.documentElement.dataset.accent;
  else document.documentElement.dataset.accent = accent;
}

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
