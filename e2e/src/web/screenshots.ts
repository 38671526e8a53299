/**
 * `npm run screenshots [-- <part of a name> …]`: writes every page and every state of it at 1440 and 390 px, light and dark, to `.screenshots/`;
 * with `--zh` in 简体中文, with `--pages` no states. Pages alone are taken from the running installation; states, of which some publish and
 * create, from one of their own.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { readAddresses } from '../installation/find-installation.ts';
import { openBrowser } from './browser.ts';
import { openDemoStage } from './demo-stage.ts';
import { type DemoWorld, readDemoWorld } from './demo-world.ts';
import { type Place, placesOf } from './places.ts';
import { allStates } from './states/all-states.ts';
import { openStatesWorld, type StatesWorld } from './states/states-world.ts';
import { variants } from './variants.ts';
import { openVisitors, visitPlace } from './visit.ts';

const root = join(import.meta.dirname, '../../..');
const target = join(root, '.screenshots');
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const language = process.argv.includes('--zh') ? 'zh-CN' : 'en';

const isWanted = ({ name }: { readonly name: string }): boolean =>
  wanted.length === 0 || wanted.some((part) => name.includes(part));
const states = process.argv.includes('--pages') ? [] : allStates.filter(isWanted);

/** Where to look, and with what. */
async function openWorld(): Promise<{
  world: DemoWorld;
  browser: Browser;
  states?: StatesWorld;
  close: () => Promise<void>;
}> {
  if (states.length > 0) {
    const world = await openStatesWorld();
    return { world, browser: world.browser, states: world, close: world.close };
  }
  const runningDataDir = process.env.TOLLGATE_DATA_DIR ?? join(root, '.tollgate');
  const running = await readAddresses(runningDataDir);
  if (running === null) return openDemoStage();
  const world = await readDemoWorld(running, runningDataDir);
  const browser = await openBrowser();
  return { world, browser, close: () => browser.close() };
}

const { world, browser, states: statesWorld, close } = await openWorld();
try {
  await mkdir(target, { recursive: true });
  const pages = placesOf(world).filter(isWanted);
  for (const variant of variants.filter((one) => one.language === language)) {
    const visitors = openVisitors(browser, { world, variant, ...(statesWorld && { logIns: statesWorld.logIns }) });
    const take = async (place: Place): Promise<void> => {
      const name = `${place.name}-${variant.name}`;
      const watched = await visitors.pageOf(place.visitor);
      try {
        await visitPlace(watched, place, { world, variant });
        // What stands over a page is over what can be seen of it.
        const fullPage = place.steps === undefined;
        await watched.page.screenshot({ path: join(target, `${name}.png`), fullPage });
      } catch (error) {
        process.stderr.write(`${name}: ${String(error)}\n`);
        process.exitCode = 1;
      }
      for (const trouble of watched.takeTroubles()) process.stderr.write(`${name}: ${trouble}\n`);
    };
    for (const place of pages) await take(place);
    if (statesWorld !== undefined)
      for (const state of states) {
        await state.before?.(statesWorld);
        await take({ ...state, path: state.path(statesWorld) });
      }
    await visitors.close();
  }
  process.stdout.write(`${pages.length} pages and ${states.length} states in ${target}\n`);
} finally {
  await close();
}
