import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { DemoWorld } from './demo-world.ts';
import type { Place, Visitor } from './places.ts';
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

/** One browser per visitor, logged in by the log-in page as people do, all set up like `variant`. */
export async function openVisitors(
  browser: Browser,
  { world, variant }: { world: DemoWorld; variant: Variant },
): Promise<{ pageOf: (visitor: Visitor) => WatchedPage; close: () => Promise<void> }> {
  const contexts: BrowserContext[] = [];
  const open = async (): Promise<WatchedPage> => {
    const context = await browser.newContext(contextOf(variant));
    contexts.push(context);
    return openWatchedPage(context, originsOf(world));
  };
  const pages: Record<Visitor, WatchedPage> = { nobody: await open(), admin: await open(), developer: await open() };
  await logIn(pages.admin.page, new URL('/log-in', world.addresses.consoleUrl).href, world.people.admin);
  await logIn(
    pages.developer.page,
    new URL(`/${world.siteSlug}/log-in`, world.addresses.portalUrl).href,
    world.people.developer,
  );
  return {
    pageOf: (visitor) => pages[visitor],
    close: async () => void (await Promise.all(contexts.map((context) => context.close()))),
  };
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

/** Goes to a place and waits until it stands. */
export async function visit(page: Page, url: string): Promise<void> {
  // A change of the fragment alone would load nothing.
  await page.goto('about:blank');
  await page.goto(url);
  await waitUntilLoaded(page);
}
