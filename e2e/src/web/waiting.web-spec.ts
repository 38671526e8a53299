import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInstallation } from '../installation/start-installation.ts';
import { openBrowser } from './browser.ts';
import { type DemoWorld, readDemoWorld } from './demo-world.ts';
import { Seat } from './states/seat.ts';
import { controlPlaneStopper, type WhileStopped } from './trouble/while-stopped.ts';
import { contextOf, type Variant, variants } from './variants.ts';
import { consoleLogIn, logIn, originsOf, visit } from './visit.ts';
import { findObstacles, openWatchedPage, type WatchedPage } from './watched-page.ts';

let folder: string;
let installation: Awaited<ReturnType<typeof startInstallation>>;
let browser: Browser;
let world: DemoWorld;
let whileStopped: WhileStopped;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-waiting-'));
  installation = await startInstallation({ dataDir: join(folder, 'data') });
  browser = await openBrowser();
  world = await readDemoWorld(installation.addresses, installation.dataDir);
  whileStopped = await controlPlaneStopper(installation.dataDir);
});
afterAll(async () => {
  await browser?.close();
  await installation?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Places of the navigation that read something of their own; each shows it in its own way. */
const places = [
  'overview',
  'products',
  'changes',
  'revisions',
  'approvals',
  'analytics',
  'billing',
  'members',
  'audit',
];

/** Longer than a browser's request may take. */
const untilGivenUp = { timeout: 60_000 };

/** A tab before it goes to a place: the code of all of them was loaded once, so only what is read is missing. */
async function openTabs(variant: Variant): Promise<{ tabs: Map<string, WatchedPage>; close: () => Promise<void> }> {
  const context = await browser.newContext(contextOf(variant));
  const first = await openWatchedPage(context, originsOf(world));
  await logIn(first.page, consoleLogIn(world), world.people.admin);
  const seat = new Seat(first.page, { app: 'console', variant });
  for (const place of places) await seat.goTo(place);
  const tabs = new Map<string, WatchedPage>();
  for (const place of places) {
    const tab = await openWatchedPage(context, originsOf(world));
    await visit(tab.page, new URL('/account', installation.addresses.consoleUrl).href);
    tabs.set(place, tab);
  }
  return { tabs, close: () => context.close() };
}

async function findingsOf({ page, takeTroubles }: WatchedPage, state: string): Promise<string[]> {
  const found = [...takeTroubles(), ...(await findObstacles(page))];
  await page.emulateMedia({ colorScheme: 'dark' });
  found.push(...(await findObstacles(page, { onlyColours: true })));
  await page.emulateMedia({ colorScheme: 'light' });
  return found.map((finding) => `${state}: ${finding}`);
}

const lookouts = variants.filter(({ theme }) => theme === 'light');

describe.each(lookouts)('a service that stands still, $width px, $language, light and dark', (variant) => {
  it('every list says that it loads, then that it failed, and is there when it is tried again', async () => {
    const { tabs, close } = await openTabs(variant);
    const findings: string[] = [];
    const seats = [...tabs].map(([place, tab]) => ({
      place,
      tab,
      at: new Seat(tab.page, { app: 'console', variant }),
    }));
    try {
      await whileStopped(async () => {
        for (const { place, tab, at } of seats) {
          await at.goTo(place);
          await at.isLoading();
          findings.push(...(await findingsOf(tab, `${place} loads`)));
        }
        for (const { place, tab, at } of seats) {
          await at.page.getByRole('main').getByText(at.say('ui.problem.slow')).first().waitFor(untilGivenUp);
          findings.push(...(await findingsOf(tab, `${place} failed`)));
        }
      });
      for (const { at } of seats) {
        const again = at.page.getByRole('main').getByRole('button', { name: at.say('ui.retry') });
        while ((await again.count()) > 0)
          await again
            .first()
            .click({ timeout: 2_000 })
            .catch(() => undefined);
        await at.page.getByRole('main').getByRole('alert').first().waitFor({ state: 'detached' });
      }
    } finally {
      await close();
    }
    expect(findings).toEqual([]);
  });
});
