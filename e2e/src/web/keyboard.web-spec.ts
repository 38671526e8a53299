import type { TollgateClient } from '@tollgate/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataOf } from '../journey/world.ts';
import { clientOf, type DemoStage, openDemoStage } from './demo-stage.ts';
import type { DemoWorld } from './demo-world.ts';
import { Keys } from './keyboard/keys.ts';
import { putRoute } from './states/furnish.ts';
import { signUpAtPortal } from './states/portal-people.ts';
import { contextOf, variantOf } from './variants.ts';
import { consoleLogIn, portalLogIn } from './visit.ts';
import { waitUntilLoaded } from './watched-page.ts';

let stage: DemoStage;
let demo: DemoWorld;
let admin: TollgateClient;
let atConsole: Keys;
let atPortal: Keys;

beforeAll(async () => {
  stage = await openDemoStage();
  demo = stage.world;
  admin = await clientOf(demo.addresses.consoleUrl, demo.people.admin);
  await putRoute(admin, demo.ids.group, 'by-keyboard');
  const { siteSlug } = demo;
  const { items } = await dataOf(admin.GET('/api/v1/portal-sites'));
  const params = { path: { siteId: items[0]?.id ?? '' }, header: { 'if-match': `"${items[0]?.version ?? 0}"` } };
  await admin.PATCH('/api/v1/portal-sites/{siteId}', { params, body: { signUpApproval: 'manual' } });
  await signUpAtPortal(demo.addresses, { siteSlug, name: 'Kay Board', email: 'kay@example.com' });
  atConsole = await Keys.open(await stage.browser.newContext(contextOf(variantOf('desktop-light-en'))));
  atPortal = await Keys.open(await stage.browser.newContext(contextOf(variantOf('desktop-light-en'))));
});
afterAll(async () => {
  await stage?.close();
});

/** Logs in on the page that is open. */
async function logIn(keys: Keys, { email, password }: { email: string; password: string }): Promise<void> {
  await keys.tabTo(keys.page.locator('input[type=email]'));
  await keys.type(email);
  await keys.tabTo(keys.page.locator('input[autocomplete=current-password]'));
  await keys.type(password);
  await keys.press('Enter');
  await keys.page.waitForURL((address) => !address.pathname.endsWith('/log-in'));
  await keys.page.getByRole('heading', { level: 1 }).first().waitFor();
}

/** Adds as many routes as a page of a list cannot hold, ten at a time: `shelf-000` and on. */
async function putRoutes(client: TollgateClient, groupId: string, count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, index) => `shelf-${String(index).padStart(3, '0')}`);
  for (let from = 0; from < count; from += 10)
    await Promise.all(ids.slice(from, from + 10).map((id) => putRoute(client, groupId, id)));
}

/** The first stop of a fresh page leads past everything that stands around it. */
async function skip(keys: Keys): Promise<void> {
  await keys.page.reload();
  await waitUntilLoaded(keys.page);
  await keys.step();
  await keys.isOn(keys.page.getByRole('link', { name: 'Skip to the content' }));
  await keys.press('Enter');
  await keys.step();
  expect(await keys.page.evaluate('document.activeElement?.closest("main") !== null')).toBe(true);
}

describe('by keyboard alone', () => {
  it('an administrator logs in, and skips what stands around the page', async () => {
    await atConsole.page.goto(consoleLogIn(demo));
    await logIn(atConsole, demo.people.admin);
    await skip(atConsole);
  });

  it('publishes what has changed: the palette leads there, the dialog holds the focus and gives it back', async () => {
    const { page } = atConsole;
    await atConsole.goByPalette('changes', 'shop');
    const dialog = page.getByRole('dialog');
    await atConsole.openTwice(page.getByRole('main').getByRole('button', { name: 'Publish', exact: true }), dialog);
    await atConsole.enter(dialog.getByRole('button', { name: 'Publish', exact: true }));
    const close = dialog.getByRole('button', { name: 'Done' });
    await dialog
      .getByText(/is published/)
      .first()
      .waitFor();
    await atConsole.enter(close);
    await dialog.waitFor({ state: 'detached' });
  });

  it('rolls back to the revision before', async () => {
    const { page } = atConsole;
    const revisionInForce = async (): Promise<number> => {
      const params = { path: { groupId: demo.ids.group } };
      return (await dataOf(admin.GET('/api/v1/gateway-groups/{groupId}', { params }))).revision;
    };
    const before = await revisionInForce();
    await atConsole.goByPalette('revisions', 'shop');
    const dialog = page.getByRole('dialog');
    await atConsole.openTwice(
      page
        .getByRole('main')
        .getByRole('button', { name: /^Roll back to/ })
        .first(),
      dialog,
    );
    await atConsole.enter(dialog.getByRole('button', { name: /^Roll back to/ }));
    await dialog.waitFor({ state: 'detached' });
    expect(await revisionInForce()).toBe(before + 1);
  });

  it('lets a developer in', async () => {
    const { page } = atConsole;
    await atConsole.goByPalette('approvals', 'Approvals');
    await atConsole.enter(page.getByRole('button', { name: /^Approve.*Kay Board/ }));
    await page.getByRole('button', { name: /^Approve.*Kay Board/ }).waitFor({ state: 'detached' });
  });

  it('a developer logs in at the portal, and subscribes an application to a plan', async () => {
    const { page } = atPortal;
    await page.goto(portalLogIn(demo));
    await logIn(atPortal, demo.people.developer);
    await skip(atPortal);
    await page.goto(new URL(`/${demo.siteSlug}`, demo.addresses.portalUrl).href);
    await atPortal.enter(
      page
        .getByRole('main')
        .getByRole('link', { name: /Bookshop API/ })
        .first(),
    );
    await atPortal.enter(page.getByRole('main').getByRole('link', { name: 'Plans', exact: true }));
    const dialog = page.getByRole('dialog');
    await atPortal.openTwice(page.getByRole('button', { name: /^Subscribe.*Business/ }), dialog);
    await atPortal.tabTo(dialog.getByRole('combobox'));
    await atPortal.press('End');
    await atPortal.tabTo(dialog.getByRole('textbox'));
    await atPortal.type('Typed application');
    await atPortal.enter(dialog.getByRole('button', { name: 'Subscribe' }));
    await page.waitForURL(/\/subscriptions\//);
  });

  it('the administrator says yes to the subscription', async () => {
    const { page } = atConsole;
    await atConsole.enter(page.getByRole('button', { name: /^Approve.*Typed application/ }));
    await page.getByRole('button', { name: /^Approve.*Typed application/ }).waitFor({ state: 'detached' });
  });

  it('the developer gets a key', async () => {
    const { page } = atPortal;
    const dialog = page.getByRole('dialog');
    await atPortal.openTwice(page.getByRole('main').getByRole('button', { name: 'Get a key' }), dialog);
    await atPortal.enter(dialog.getByRole('button', { name: 'Get a key' }));
    await atPortal.enter(dialog.getByRole('button', { name: 'I have copied it' }));
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('main').getByText('Active').first().waitFor();
  });

  it('finds any object of a long list by the palette, and goes on in the list where there are more', async () => {
    const { page } = atConsole;
    await putRoutes(admin, demo.ids.group, 250);
    await atConsole.goByPalette('shelf-249', 'shelf-249');
    await atConsole.press('Control+k');
    await atConsole.type('shelf-');
    await page.getByRole('option', { name: 'More in the list: Routes' }).waitFor();
    expect(await page.getByRole('option', { name: /^shelf-/ }).count()).toBe(5);
    await atConsole.press('End', 'Enter');
    await page.waitForURL(/\/routes\?q=shelf-$/);
    await page.getByRole('main').getByRole('link', { name: 'shelf-000' }).waitFor();
  });

  it('says when the palette cannot search, keeps the pages, and asks again', async () => {
    const { page } = atConsole;
    await atConsole.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'Find anything' });
    await palette.waitFor();
    await page.context().setOffline(true);
    await atConsole.type('rout');
    await palette.getByRole('alert').waitFor();
    await palette.getByRole('option', { name: /^Routes/ }).waitFor();
    await page.context().setOffline(false);
    await atConsole.enter(palette.getByRole('button', { name: 'Try again' }));
    await palette.getByRole('alert').waitFor({ state: 'detached' });
    await atConsole.press('Escape');
    await palette.waitFor({ state: 'detached' });
  });

  it('and at every stop the focus could be seen', () => {
    expect({ console: atConsole.unseen, portal: atPortal.unseen }).toEqual({ console: [], portal: [] });
  });
});
