import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { DemoWorld } from './demo-world.ts';
import type { Place, Visitor } from './places.ts';
import { Seat } from './states/seat.ts';
import { contextOf, type Variant } from './variants.ts';
import { openWatchedPage, type WatchedPage, waitUntilLoaded } from './watched-page.ts';

/** Addresses of both front-ends as browsers see them. */
export function originsOf({ addresses }: DemoWorld): readonly string[] {
  return [addresses.consoleUrl, addresses.portalUrl].map((url) => new URL(url).origin);
}

/** The address of a place. */
export function urlOf({ app, path }: Place, { addresses }: DemoWorld): string {
  return new URL(path, app === 'console' ? addresses.consoleUrl : addresses.portalUrl).href;
}

/** Where and as whom somebody logs in. */
export interface LogIn {
  readonly url: string;
  readonly email: string;
  readonly password: string;
}

/** Who is in the demo tenant from its first day. */
export function demoLogIns(world: DemoWorld): { admin: LogIn; developer: LogIn } {
  return {
    admin: { url: consoleLogIn(world), ...world.people.admin },
    developer: { url: portalLogIn(world), ...world.people.developer },
  };
}

/** Browsers of visitors, all set up like `variant`; each logs in by the log-in page, as people do, when first asked for. */
export function openVisitors(
  browser: Browser,
  {
    world,
    variant,
    logIns = demoLogIns(world),
  }: { world: DemoWorld; variant: Variant; logIns?: Readonly<Partial<Record<Visitor, LogIn>>> },
): { pageOf: (visitor: Visitor) => Promise<WatchedPage>; close: () => Promise<void> } {
  const contexts: BrowserContext[] = [];
  const pages = new Map<Visitor, Promise<WatchedPage>>();
  const open = async (visitor: Visitor): Promise<WatchedPage> => {
    const context = await browser.newContext(contextOf(variant));
    contexts.push(context);
    const watched = await openWatchedPage(context, originsOf(world));
    const known = logIns[visitor];
    if (known !== undefined) await logIn(watched.page, known.url, known);
    else if (visitor !== 'nobody') throw new Error(`nobody knows how the ${visitor} logs in`);
    return watched;
  };
  return {
    pageOf: (visitor) => {
      const page = pages.get(visitor) ?? open(visitor);
      pages.set(visitor, page);
      return page;
    },
    close: async () => void (await Promise.all(contexts.map((context) => context.close()))),
  };
}

/** Where administrators log in. */
export function consoleLogIn({ addresses }: DemoWorld): string {
  return new URL('/log-in', addresses.consoleUrl).href;
}

/** Where developers of the demo tenant log in. */
export function portalLogIn({ addresses, siteSlug }: DemoWorld): string {
  return new URL(`/${siteSlug}/log-in`, addresses.portalUrl).href;
}

/** Fills in a log-in page and waits for the page behind it. */
export async function logIn(
  page: Page,
  url: string,
  { email, password }: { email: string; password: string },
): Promise<void> {
  await page.goto(url);
  await page.locator('input[type=email]').fill(email);
  await page.locator('input[autocomplete=current-password]').fill(password);
  await page.locator('form button[type=submit]').click();
  await page.waitForURL((address) => !address.pathname.endsWith('/log-in'));
  await waitUntilLoaded(page);
}

/** Goes to a place, does there what it tells, and waits until it stands. */
export async function visitPlace(
  watched: WatchedPage,
  place: Place,
  { world, variant }: { world: DemoWorld; variant: Variant },
): Promise<void> {
  const { page } = watched;
  watched.takeTroubles();
  watched.expectStatuses(...(place.statuses ?? []));
  await visit(page, urlOf(place, world));
  await place.steps?.(new Seat(page, { app: place.app, variant }));
  await waitUntilLoaded(page);
}

/** Goes to a place and waits until it stands. */
export async function visit(page: Page, url: string): Promise<void> {
  // A change of the fragment alone would load nothing.
  await page.goto('about:blank');
  await page.goto(url);
  await waitUntilLoaded(page);
}
