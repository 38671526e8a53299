/** Where a browser's session counts, and the cookie that stands for it: the console, or one portal site. */
export interface BrowserRealm {
  /** Bound to what is stored: a cookie of one realm is nothing in another. */
  readonly name: string;
  readonly cookie: string;
}

const siteSlug = /^[a-z][a-z0-9-]{1,39}$/;
const apiPrefix = '/api/v1/';
const portalPrefix = '/api/v1/portal/';

const console: BrowserRealm = { name: 'console', cookie: 'tollgate_console' };

/** The realm of a path at the console's edge: all of the API but the developers' part. */
export function consoleRealm(path: string): BrowserRealm | undefined {
  return path.startsWith(apiPrefix) && !path.startsWith(portalPrefix) ? console : undefined;
}

/** The realm of a path at the developer portal: its site. Cookies do not tell ports apart, so each site's has a name of its own. */
export function portalRealm(path: string): BrowserRealm | undefined {
  if (!path.startsWith(portalPrefix)) return undefined;
  const slug = path.slice(portalPrefix.length).split('/', 1)[0] ?? '';
  return siteSlug.test(slug) ? { name: `portal:${slug}`, cookie: `tollgate_portal_${slug}` } : undefined;
}
