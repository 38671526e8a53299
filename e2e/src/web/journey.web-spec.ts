import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '@tollgate/embedded';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startInstallation } from '../installation/start-installation.ts';
import { openBrowser } from './browser.ts';
import { playJourney } from './journey/play.ts';
import { setScene } from './journey/scene.ts';
import { variantOf } from './variants.ts';

/** Pages and dialogs that the journey passes at least, in both front-ends. */
const leastPassed = { console: 35, portal: 20 };

let folder: string;
let installation: Awaited<ReturnType<typeof startInstallation>>;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-web-'));
  // With a port that is free now and known from the start, pages can show commands that call the gateway.
  const env = { GATEWAY_HTTP_PORT: String(await findFreePort()) };
  installation = await startInstallation({ dataDir: join(folder, 'data'), env });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await installation?.stop();
  await rm(folder, { recursive: true, force: true });
});

it.each(['desktop-light-en', 'phone-dark-zh'].map(variantOf))(
  'people get from signing up to a billed call, and back, by what the pages say: $name',
  async (variant) => {
    const scene = await setScene(browser, { addresses: installation.addresses, variant });
    try {
      await playJourney(scene);
      expect({ ...scene.admin.findings, ...scene.developer.findings }).toEqual({});
      expect(scene.admin.passed.length).toBeGreaterThanOrEqual(leastPassed.console);
      expect(scene.developer.passed.length).toBeGreaterThanOrEqual(leastPassed.portal);
    } finally {
      await scene.close();
    }
  },
);
