import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TollgateClient } from '@tollgate/client';
import { runFile } from '@tollgate/contracts/runtime';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataOf } from '../journey/world.ts';
import { Caller } from '../support/caller.ts';
import { poll } from '../support/poll.ts';
import { clientOf, type DemoStage, openDemoStage } from './demo-stage.ts';
import type { DemoWorld } from './demo-world.ts';
import { contextOf, variantOf } from './variants.ts';
import { consoleLogIn, logIn, originsOf, visit } from './visit.ts';
import { findObstacles, openWatchedPage, type WatchedPage } from './watched-page.ts';

let stage: DemoStage;
let world: DemoWorld;
let admin: TollgateClient;
let caller: Caller;

beforeAll(async () => {
  stage = await openDemoStage();
  world = stage.world;
  admin = await clientOf(world.addresses.consoleUrl, world.people.admin);
  const group = await dataOf(admin.GET('/api/v1/gateway-groups/{groupId}', inGroup()));
  const run = runFile.parse(JSON.parse(await readFile(join(stage.dataDir, 'run.json'), 'utf8')));
  caller = new Caller(run.processes['gateway']?.urls['http'] ?? '', group.hosts[0] ?? '');
});
afterAll(async () => {
  await caller?.close();
  await stage?.close();
});

const inGroup = () => ({ params: { path: { groupId: world.ids.group } } });

/** Brings a route into force whose upstream nobody listens on, and calls it until that shows in the reports. */
async function publishSomethingBroken(): Promise<void> {
  const { groupId } = inGroup().params.path;
  const put = (path: { groupId: string; resourceId: string }) => ({ params: { path } });
  await admin.PUT('/api/v1/gateway-groups/{groupId}/upstreams/{resourceId}', {
    ...put({ groupId, resourceId: 'nobody' }),
    body: { value: { nodes: { '127.0.0.1:1': 1 } } },
  });
  await admin.PUT('/api/v1/gateway-groups/{groupId}/routes/{resourceId}', {
    ...put({ groupId, resourceId: 'broken' }),
    body: { value: { uri: '/broken', upstream_id: 'nobody' }, policyTemplate: null },
  });
  const { revision } = await dataOf(admin.GET('/api/v1/gateway-groups/{groupId}', inGroup()));
  await admin.POST('/api/v1/gateway-groups/{groupId}/publish', {
    ...inGroup(),
    body: { baseRevision: revision, note: '' },
  });
  await poll(
    'the broken route is in force',
    async () => ((await caller.call('/broken')).status === 502 ? true : undefined),
    { withinMs: 10_000, everyMs: 50 },
  );
  for (let call = 0; call < 40; call++) await caller.call('/broken');
}

const button = (page: Page, name: RegExp) => page.getByRole('button', { name });

describe('on a phone', () => {
  it('three taps lead from a failing gateway group on the list to the revision before in force', async () => {
    const context = await stage.browser.newContext(contextOf(variantOf('phone-light-en')));
    const watched: WatchedPage = await openWatchedPage(context, originsOf(world));
    const { page } = watched;
    await logIn(page, consoleLogIn(world), world.people.admin);
    await publishSomethingBroken();

    await visit(page, new URL('/gateway-groups', world.addresses.consoleUrl).href);
    const row = page.getByRole('row').filter({ hasText: 'Failing' });
    await row.waitFor({ timeout: 30_000 });

    await row.getByRole('link').tap();
    await page.getByRole('alert').filter({ hasText: 'server error' }).waitFor();
    expect(await findObstacles(page)).toEqual([]);
    await button(page, /^Roll back to \d+$/).tap();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('broken', { exact: true }).waitFor();
    expect(await findObstacles(page)).toEqual([]);
    await dialog.getByRole('button', { name: /^Roll back to/ }).tap();

    await poll(
      'the broken route is gone',
      async () => ((await caller.call('/broken')).status === 404 ? true : undefined),
      {
        withinMs: 10_000,
        everyMs: 50,
      },
    );
    await page.getByText('Live on 1 data plane').waitFor();
    expect(watched.takeTroubles()).toEqual([]);
    await context.close();
  });
});
