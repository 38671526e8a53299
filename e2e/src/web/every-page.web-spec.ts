import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInstallation } from '../installation/start-installation.ts';
import { openBrowser } from './browser.ts';
import { type DemoWorld, readDemoWorld } from './demo-world.ts';
import { placesOf } from './places.ts';
import { variants } from './variants.ts';
import { openVisitors, visitPlace } from './visit.ts';
import { findObstacles } from './watched-page.ts';

let folder: string;
let installation: Awaited<ReturnType<typeof startInstallation>>;
let browser: Browser;
let world: DemoWorld;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-web-'));
  installation = await startInstallation({ dataDir: join(folder, 'data') });
  browser = await openBrowser();
  world = await readDemoWorld(installation.addresses, installation.dataDir);
});
afterAll(async () => {
  await browser?.close();
  await installation?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe.each(variants)('every page, $name', (variant) => {
  it('can be used by everybody, loads nothing from elsewhere, and says nothing wrong on the console', async () => {
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
