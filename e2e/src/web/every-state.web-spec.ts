import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textsOf } from './journey/texts.ts';
import { allStates } from './states/all-states.ts';
import { SeenTitles } from './states/seen-titles.ts';
import { openStatesWorld, type StatesWorld } from './states/states-world.ts';
import { variants } from './variants.ts';
import { openVisitors, visitPlace } from './visit.ts';
import { findObstacles, waitUntilStill } from './watched-page.ts';

let world: StatesWorld;

beforeAll(async () => {
  world = await openStatesWorld();
});
afterAll(() => world?.close());

/** A page follows the theme of the machine while it is open, so one visit shows it in both. */
const lookouts = variants.filter(({ theme }) => theme === 'light');

describe.each(lookouts)('every state, $width px, $language, light and dark', (variant) => {
  const seen = new SeenTitles();
  let visitors: ReturnType<typeof openVisitors>;
  beforeAll(() => {
    visitors = openVisitors(world.browser, { world, variant, logIns: world.logIns });
  });
  afterAll(() => visitors.close());

  it.each(allStates)('$name can be used by everybody, and says nothing wrong on the console', async (state) => {
    await state.before?.(world);
    const watched = await visitors.pageOf(state.visitor);
    const { page } = watched;
    page.setDefaultTimeout(10_000);
    const findings: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      if (colorScheme === 'light') await visitPlace(watched, { ...state, path: state.path(world) }, { world, variant });
      await page.locator(`html[data-theme=${colorScheme}]`).waitFor();
      await waitUntilStill(page);
      const found = [
        ...watched.takeTroubles(),
        ...(await findObstacles(page, { onlyColours: colorScheme === 'dark' })),
      ];
      findings.push(...found.map((finding) => `${colorScheme}: ${finding}`));
    }
    await seen.look(state.app, page);
    await page.emulateMedia({ colorScheme: 'light' });
    expect(findings).toEqual([]);
  });

  it.each(['console', 'portal'] as const)(
    'every dialog, drawer, question and empty state of the %s was there',
    (app) => {
      expect(seen.missing(app, textsOf(app, variant.language))).toEqual([]);
    },
  );
});
