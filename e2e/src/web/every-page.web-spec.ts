import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoStage, openDemoStage } from './demo-stage.ts';
import { placesOf } from './places.ts';
import { variants } from './variants.ts';
import { openVisitors, visitPlace } from './visit.ts';
import { findObstacles } from './watched-page.ts';

let stage: DemoStage;

beforeAll(async () => {
  stage = await openDemoStage();
});
afterAll(() => stage?.close());

describe.each(variants)('every page, $name', (variant) => {
  it('can be used by everybody, loads nothing from elsewhere, and says nothing wrong on the console', async () => {
    const { world, browser } = stage;
    const visitors = openVisitors(browser, { world, variant });
    const findings: Record<string, string[]> = {};
    try {
      for (const place of placesOf(world)) {
        const watched = await visitors.pageOf(place.visitor);
        try {
          await visitPlace(watched, place, { world, variant });
          const found = [...watched.takeTroubles(), ...(await findObstacles(watched.page))];
          if (found.length > 0) findings[place.name] = found;
        } catch (error) {
          findings[place.name] = [String(error), ...watched.takeTroubles()];
        }
      }
    } finally {
      await visitors.close();
    }
    expect(findings).toEqual({});
  });
});
