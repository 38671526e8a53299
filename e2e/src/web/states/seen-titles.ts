import type { Page } from 'playwright-core';
import type { Texts } from '../journey/texts.ts';
import { allStates } from './all-states.ts';
import { patternOf, titledPartsOf } from './titled-parts.ts';

type App = 'console' | 'portal';

/** Titles that are names: by which state the part is seen. */
const byName: Readonly<Record<string, string>> = {
  'AppShell UiDrawer': 'console-navigation',
  'AuditDrawer UiDrawer': 'console-audit-entry',
  'DataPlaneDrawer UiDrawer': 'console-data-plane',
  'SubscriptionDrawer UiDrawer': 'console-subscription',
  'AppPhoneMenu UiDrawer': 'portal-navigation',
};

/** Titles that nobody can get to see, and why. */
const neverThere: Readonly<Record<string, string>> = {
  'members.none': 'whoever looks is a member',
  'audit.none': 'to sign up is the first entry',
  'portalSite.none': 'every organisation has a site a moment after it signed up',
  'product.plans.none': 'a product that is on offer has a plan',
  'revisions.noChanges': 'a revision changes something',
  'revisions.empty': 'a gateway group begins with a revision',
};

/** Remembers the titles of what was open over pages or stood in the place of what is not there. */
export class SeenTitles {
  readonly #titles: Readonly<Record<App, Set<string>>> = { console: new Set(), portal: new Set() };

  async look(app: App, page: Page): Promise<void> {
    const titles = await page.locator(':is([role=dialog], [data-part=empty]) h2').allTextContents();
    for (const title of titles) this.#titles[app].add(title.trim());
  }

  /** What stands in the source of a front-end and was not seen, a line each. */
  missing(app: App, texts: Texts): string[] {
    const states = new Set(allStates.map(({ name }) => name));
    return titledPartsOf(app).flatMap(({ where, keys, isNamed }) => {
      if (isNamed) return states.has(byName[where] ?? '') ? [] : [`${where}: no state is told to show it`];
      return keys
        .flatMap((key) => spelled(key, texts.keys))
        .filter((key) => !(key in neverThere))
        .filter((key) => ![...this.#titles[app]].some((title) => patternOf(key, texts).test(title)))
        .map((key) => `${where}: ${key}`);
    });
  }
}

/** All keys that a key with an unknown step may be. */
function spelled(key: string, keys: readonly string[]): string[] {
  if (!key.includes('*')) return [key];
  const pattern = new RegExp(`^${key.replaceAll('.', String.raw`\.`).replaceAll('*', String.raw`\w+`)}$`);
  return keys.filter((one) => pattern.test(one));
}
