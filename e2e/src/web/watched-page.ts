import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { BrowserContext, ConsoleMessage, Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Impacts that nobody may meet. */
const graveImpacts = new Set(['serious', 'critical']);

/** A page of which everything that should not happen is written down. */
export interface WatchedPage {
  readonly page: Page;
  /** What went wrong since the last time this was asked. */
  takeTroubles: () => string[];
  /** The next answers with these statuses are wanted, and the browser's word about them is no trouble. */
  expectStatuses: (...statuses: number[]) => void;
}

/** Opens a page that notes errors of scripts and console, missing texts, and every request that leaves its own origin. */
export async function openWatchedPage(context: BrowserContext, origins: readonly string[]): Promise<WatchedPage> {
  const page = await context.newPage();
  let troubles: string[] = [];
  let wanted: number[] = [];
  page.on('pageerror', (error) => troubles.push(`script error: ${error.message}`));
  page.on('console', (message) => {
    if (isTrouble(message) && !wanted.some((status) => message.text().includes(`status of ${status}`)))
      troubles.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && !origins.includes(url.origin)) troubles.push(`request to ${url.origin}`);
  });
  return {
    page,
    expectStatuses: (...statuses) => {
      wanted = statuses;
    },
    takeTroubles: () => {
      const taken = troubles;
      troubles = [];
      return taken;
    },
  };
}

function isTrouble(message: ConsoleMessage): boolean {
  return ['error', 'warning'].includes(message.type());
}

/** Waits until a page stands: its title is there, nothing of it is being loaded, and it has stopped moving. */
export async function waitUntilLoaded(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor();
  await page
    .locator(':is(main, [role=dialog]) [data-part=skeleton]:not([data-samples] *)')
    .first()
    .waitFor({ state: 'detached' });
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  await waitUntilStill(page);
}

/** Waits until nothing moves or changes its colour any more, but for what does so for ever. */
export async function waitUntilStill(page: Page): Promise<void> {
  await page.evaluate(`Promise.allSettled(
    document.getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity)
      .map(({ finished }) => finished)
  ).then(() => undefined)`);
}

/**
 * What of the page as it stands somebody could not use: grave findings of axe, and a page wider than its window. `onlyColours` is for a page that
 * was looked at in the other theme: nothing else of it has changed.
 */
export async function findObstacles(page: Page, { onlyColours = false } = {}): Promise<string[]> {
  await page.evaluate(axeSource);
  const only = onlyColours ? ', runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] }' : '';
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, { resultTypes: ["violations"]${only} })`);
  const grave = violations
    .filter(({ impact }) => graveImpacts.has(impact ?? ''))
    .map(({ id, nodes }) => `axe ${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`);
  return [...grave, ...(await page.evaluate<string[]>(overflows))];
}

/** The page, or what stands over it, is wider than there is room for. */
const overflows = `(() => {
  const excess = document.documentElement.scrollWidth - window.innerWidth;
  const found = excess > 0 ? ['wider than the window by ' + excess + ' px'] : [];
  for (const dialog of document.querySelectorAll('[role=dialog]')) {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    if (left < -0.5 || top < -0.5 || right > innerWidth + 0.5 || bottom > innerHeight + 0.5)
      found.push('a dialog that is not all in the window');
    for (const part of dialog.querySelectorAll(':scope > *'))
      // What only readers hear is a pixel wide.
      if (part.clientWidth > 1 && part.scrollWidth > part.clientWidth + 1) found.push('a dialog wider than itself by ' + (part.scrollWidth - part.clientWidth) + ' px');
  }
  return found;
})()`;
