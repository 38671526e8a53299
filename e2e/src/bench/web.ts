import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { startInstallation } from '../installation/start-installation.ts';
import { openBrowser } from '../web/browser.ts';
import { readDemoWorld } from '../web/demo-world.ts';
import { contextOf, variantOf } from '../web/variants.ts';
import { logIn } from '../web/visit.ts';
import { request } from 'undici';
import { poll } from '../support/poll.ts';
import type { Bench } from './bench.ts';
import { median } from './load/statistics.ts';

/** What a browser that never was there before has to wait for and to download. */
interface FirstView {
  /** Milliseconds from the request to the first text or image. */
  readonly firstPaintMs: number;
  /** KiB of JavaScript, gzipped, that the page asked for before its load event. */
  readonly scriptKiB: number;
  /** How many files of JavaScript that was. */
  readonly scriptFiles: number;
}

/**
 * The console's overview and the portal's catalogue with a cold cache, in the real browser. The session of the console is there before;
 * its cookies are carried over into a browser without a cache.
 */
export const web: Bench = async ({ folder, smoke, say }) => {
  const installation = await startInstallation({ dataDir: join(folder, 'data') });
  const browser = await openBrowser();
  try {
    const world = await readDemoWorld(installation.addresses, installation.dataDir);
    const { consoleUrl, portalUrl } = world.addresses;
    const variant = contextOf(variantOf('desktop-light-en'));
    const member = await browser.newContext(variant);
    await logIn(await member.newPage(), new URL('/log-in', consoleUrl).href, world.people.admin);
    const storageState = await member.storageState();
    await member.close();
    const views = smoke ? 1 : 7;
    const measure = async (url: string): Promise<FirstView> => {
      const found: FirstView[] = [];
      for (let view = 0; view < views; view += 1)
        found.push(await measureFirstView(browser, { url, context: { ...variant, storageState } }));
      return {
        firstPaintMs: median(found.map(({ firstPaintMs }) => firstPaintMs)),
        scriptKiB: median(found.map(({ scriptKiB }) => scriptKiB)),
        scriptFiles: median(found.map(({ scriptFiles }) => scriptFiles)),
      };
    };
    say('console overview …');
    const overview = await measure(consoleUrl);
    say('portal catalogue …');
    const catalogue = await measure(new URL(`/${world.siteSlug}`, portalUrl).href);
    return {
      consoleFirstPaintMs: Math.round(overview.firstPaintMs),
      consoleScriptKiB: Math.round(overview.scriptKiB),
      consoleScriptFiles: Math.round(overview.scriptFiles),
      portalFirstPaintMs: Math.round(catalogue.firstPaintMs),
      portalScriptKiB: Math.round(catalogue.scriptKiB),
      portalScriptFiles: Math.round(catalogue.scriptFiles),
    };
  } finally {
    await browser.close();
    await installation.stop();
  }
};

const firstPaint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime";

async function measureFirstView(
  browser: Browser,
  { url, context }: { url: string; context: Parameters<Browser['newContext']>[0] },
): Promise<FirstView> {
  const fresh = await browser.newContext(context);
  try {
    return await measureIn(fresh, url);
  } finally {
    await fresh.close();
  }
}

async function measureIn(context: BrowserContext, url: string): Promise<FirstView> {
  const page = await context.newPage();
  await page.goto(url, { waitUntil: 'load' });
  await page.locator('h1').first().waitFor();
  await poll('something is painted', () => page.evaluate<number | undefined>(firstPaint), {
    withinMs: 10_000,
    everyMs: 50,
  });
  const { firstPaintMs, scripts } = await page.evaluate<{ firstPaintMs: number; scripts: string[] }>(`(() => {
    const { loadEventStart } = performance.getEntriesByType('navigation')[0];
    const isScriptBeforeLoad = ({ name, startTime }) => new URL(name).pathname.endsWith('.js') && startTime < loadEventStart;
    return {
      firstPaintMs: performance.getEntriesByName('first-contentful-paint')[0].startTime,
      scripts: performance.getEntriesByType('resource').filter(isScriptBeforeLoad).map(({ name }) => name),
    };
  })()`);
  const bytes = await Promise.all([...new Set(scripts)].map(gzippedBytes));
  return { firstPaintMs, scriptKiB: bytes.reduce((sum, size) => sum + size, 0) / 1024, scriptFiles: bytes.length };
}

/** The size on the wire for a browser that knows gzip only; what the browser here took may be smaller still. */
async function gzippedBytes(url: string): Promise<number> {
  const { statusCode, headers, body } = await request(url, { headers: { 'accept-encoding': 'gzip' } });
  const size = (await body.arrayBuffer()).byteLength;
  if (statusCode !== 200 || headers['content-encoding'] !== 'gzip') throw new Error(`${url} was not sent compressed`);
  return size;
}
