import type { LocationQueryValue, RouteLocationRaw } from 'vue-router';

/** Where to go on after logging in: a page of the same site, never another address. */
export function nextPage(
  next: LocationQueryValue | LocationQueryValue[] | undefined,
  siteSlug: string,
): RouteLocationRaw {
  const isOfSite = typeof next === 'string' && (next === `/${siteSlug}` || next.startsWith(`/${siteSlug}/`));
  return isOfSite ? next : { name: 'catalogue', params: { siteSlug } };
}
