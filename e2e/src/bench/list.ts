import { join } from 'node:path';
import type { TollgateClient } from '@tollgate/client';
import type { Page } from 'playwright-core';
import { startInstallation } from '../installation/start-installation.ts';
import { dataOf } from '../journey/world.ts';
import { openBrowser } from '../web/browser.ts';
import { consoleOf, readDemoWorld } from '../web/demo-world.ts';
import { contextOf, variantOf } from '../web/variants.ts';
import { logIn, visit } from '../web/visit.ts';
import type { Bench, Figures } from './bench.ts';
import { addRoutes } from './list/add-routes.ts';
import { type FilterTimes, placeProbe, pressAndWait, scrollToEnd } from './list/page-probe.ts';
import { median, percentile } from './load/statistics.ts';

/** What is typed, letter by letter. */
const words = ['order', 'parcels/41', 'refund0', 'voucher0777', 'stocks/9', 'price00', 'basket0404', 'customers/3'];
/** A typist's pause between two keys. */
const betweenKeysMs = 120;
/** Most rows that may stand in the document, however long the list. */
const mostRowsInDocument = 120;
/** Pixels per frame while scrolling: some 20 rows, over a thousand rows a second. */
const step = 1_240;

/** The routes page of a group with 10,000 routes, in the real browser: how long a key press in the search takes, and what scrolling costs. */
export const list: Bench = async ({ folder, smoke, say }) => {
  const installation = await startInstallation({ dataDir: join(folder, 'data') });
  const browser = await openBrowser();
  try {
    const world = await readDemoWorld(installation.addresses, installation.dataDir);
    const client = await consoleOf(world.addresses, world.people.admin);
    const routes = smoke ? 600 : 10_000;
    say(`${routes} routes …`);
    const groupId = await addRoutes(client, { environmentId: await environmentOf(client, world.ids.group), routes });
    const context = await browser.newContext(contextOf(variantOf('desktop-light-en')));
    const page = await context.newPage();
    await logIn(page, new URL('/log-in', world.addresses.consoleUrl).href, world.people.admin);
    await visit(page, new URL(`/gateway-groups/${groupId}/routes`, world.addresses.consoleUrl).href);
    await placeProbe(page);
    const typed = { page, client, groupId, routes };
    await typeAll({ ...typed, words: ['order'] });
    say('typing …');
    const times = await typeAll({ ...typed, words: smoke ? words.slice(0, 2) : words });
    say('typing in one go …');
    const bursts = await typeInOneGo({ ...typed, words: smoke ? words.slice(0, 2) : words });
    say('scrolling …');
    await clear(typed);
    const scrolled = await scrollToEnd(page, { rows: routes, step });
    if (scrolled.mostRows > mostRowsInDocument) throw new Error(`${scrolled.mostRows} rows stood in the document`);
    return {
      ...figuresOf(times),
      burstFilterMs: median(bursts.map(({ fromKey }) => fromKey)),
      longTasksWhileScrolling: scrolled.longTasks.length,
      longestTaskMs: Math.max(0, ...scrolled.longTasks),
      scrolledFramesPerSecond: Math.round(scrolled.frames / scrolled.seconds),
      rowsInDocument: scrolled.mostRows,
      routes,
    };
  } finally {
    await browser.close();
    await installation.stop();
  }
};

interface Typing {
  readonly page: Page;
  readonly client: TollgateClient;
  readonly groupId: string;
  /** How many there are in all. */
  readonly routes: number;
}

function figuresOf(times: readonly FilterTimes[]): Figures {
  const fromKey = times.map((time) => time.fromKey).toSorted((a, b) => a - b);
  const fromRequest = times.map((time) => time.fromRequest).toSorted((a, b) => a - b);
  return {
    filterMs: median(fromKey),
    filterP95Ms: percentile(fromKey, 0.95),
    filterFromRequestMs: median(fromRequest),
    filterFromRequestP95Ms: percentile(fromRequest, 0.95),
    keysPressed: times.length,
  };
}

/** Types the words letter by letter, as a person does; only keys that change how many routes are found tell when the rows came. */
async function typeAll(typing: Typing & { words: readonly string[] }): Promise<FilterTimes[]> {
  const times: FilterTimes[] = [];
  for (const word of typing.words) {
    await clear(typing);
    let shown = typing.routes;
    for (let length = 1; length <= word.length; length += 1) {
      const text = word.slice(0, length);
      const total = await countOf(typing, text);
      await typing.page.waitForTimeout(betweenKeysMs);
      const found = { keys: [text.at(-1) ?? ''], status: statusOf(typing, total), text };
      const time = await pressAndWait(typing.page, found);
      if (total !== shown) times.push(time);
      shown = total;
    }
  }
  return times;
}

/** Types whole words as fast as keys can be pressed; the time counts from the last key. */
async function typeInOneGo(typing: Typing & { words: readonly string[] }): Promise<FilterTimes[]> {
  const times: FilterTimes[] = [];
  for (const word of typing.words) {
    await clear(typing);
    const status = statusOf(typing, await countOf(typing, word));
    await typing.page.waitForTimeout(betweenKeysMs);
    times.push(await pressAndWait(typing.page, { keys: [...word], status, text: word }));
  }
  return times;
}

async function clear(typing: Typing): Promise<void> {
  const search = typing.page.locator('main input[type=search]');
  await search.focus();
  await search.fill('');
  await typing.page.getByText(statusOf(typing, typing.routes), { exact: true }).waitFor();
}

function statusOf({ routes }: Typing, total: number): string {
  const number = new Intl.NumberFormat('en');
  return `${number.format(total)} of ${number.format(routes)}`;
}

async function countOf({ client, groupId }: Typing, search: string): Promise<number> {
  const query = { search, limit: 1, withTotal: 'true' as const };
  const { total } = await dataOf(
    client.GET('/api/v1/gateway-groups/{groupId}/routes', { params: { path: { groupId }, query } }),
  );
  if (total === undefined || total === 0) throw new Error(`nothing has "${search}" in it`);
  return total;
}

async function environmentOf(client: TollgateClient, groupId: string): Promise<string> {
  const group = await dataOf(client.GET('/api/v1/gateway-groups/{groupId}', { params: { path: { groupId } } }));
  return group.environmentId;
}
