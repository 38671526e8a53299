import type { Route } from 'playwright-core';
import { expect, it } from 'vitest';
import { dataOf } from '../../journey/world.ts';
import { visit } from '../visit.ts';
import type { TroubleWorld } from './trouble-world.ts';
import { saveAndWait, waitForValue } from './typing.ts';

/** Longer than a browser's request may take. */
const untilGivenUp = { timeout: 60_000 };

/** A control plane that is slow or away, and a browser without network. */
export function describeAway(world: () => TroubleWorld): void {
  const countNamed = async (name: string): Promise<number> => {
    const { items } = await dataOf(world().admin.GET('/api/v1/api-products', {}));
    return items.filter((product) => product.name === name).length;
  };

  it('a page that waits says so, then that it failed, and loads when it is tried again', async () => {
    const { context, page } = await world().enter('console');
    const { admin, demo } = world();
    const body = { name: 'Read slowly', description: '', docs: '', visibility: 'public' as const, bindings: [] };
    await admin.POST('/api/v1/api-products', { body });
    await visit(page, world().consoleUrl(`/products/${demo.ids.product}`));
    await page.getByRole('link', { name: 'Products', exact: true }).first().click();
    const link = page.getByRole('link', { name: 'Read slowly' });
    await link.waitFor();
    await world().whileStopped(async () => {
      await link.click();
      await page.getByRole('main').getByText('Loading', { exact: true }).first().waitFor({ state: 'attached' });
      await page.getByText('This takes longer than usual').first().waitFor();
      await page.getByText('The server took too long to answer').first().waitFor(untilGivenUp);
    });
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Read slowly' }).waitFor();
    await context.close();
  });

  it('what is saved while the service is away can be saved again, and is there once', async () => {
    const { context, page } = await world().enter('console');
    await visit(page, world().consoleUrl('/products'));
    await page.getByRole('button', { name: 'Create a product' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Create a product' });
    await dialog.getByLabel('Name', { exact: true }).fill('Made once');
    const submit = dialog.getByRole('button', { name: 'Create', exact: true });
    await world().whileStopped(async () => {
      await submit.click();
      await dialog.getByText('The server took too long to answer').waitFor(untilGivenUp);
      await waitForValue(dialog.getByLabel('Name', { exact: true }), 'Made once');
    });
    // Whether the first try, whose sender has gone, is still carried out is not for the browser to know: either way there is one.
    await world().admin.GET('/api/v1/me');
    await submit.click();
    await page.getByRole('heading', { level: 1, name: 'Made once' }).waitFor();
    expect(await countNamed('Made once')).toBe(1);
    await context.close();
  });

  it('what was saved although the answer was lost on its way is not made twice when it is saved again', async () => {
    const { context, page } = await world().enter('console');
    await visit(page, world().consoleUrl('/products'));
    await page.getByRole('button', { name: 'Create a product' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Create a product' });
    await dialog.getByLabel('Name', { exact: true }).fill('Answered in vain');
    // The real service carries it out; only its answer is cut off.
    const loseTheAnswer = async (route: Route): Promise<void> => {
      await route.fetch();
      await route.abort('connectionreset');
    };
    await page.route('**/api/v1/api-products', loseTheAnswer, { times: 1 });
    const submit = dialog.getByRole('button', { name: 'Create', exact: true });
    await submit.click();
    await dialog.getByText('The server cannot be reached').waitFor();
    await waitForValue(dialog.getByLabel('Name', { exact: true }), 'Answered in vain');
    expect(await countNamed('Answered in vain')).toBe(1);
    await submit.click();
    await page.getByRole('heading', { level: 1, name: 'Answered in vain' }).waitFor();
    expect(await countNamed('Answered in vain')).toBe(1);
    await context.close();
  });

  it('without a network every part says so, keeps what is typed, and goes on when it is back', async () => {
    const { context, page } = await world().enter('console');
    await visit(page, world().consoleUrl(`/products/${world().demo.ids.product}`));
    const field = page.getByRole('main').getByLabel(/^Short description/);
    await field.fill('typed without a network');
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('main').getByText('The server cannot be reached').waitFor();
    await waitForValue(field, 'typed without a network');
    await context.setOffline(false);
    await saveAndWait(page, /^Save$/);
    await page.getByText('Not saved yet').waitFor({ state: 'detached' });

    await context.setOffline(true);
    // The code of this page was never loaded.
    await page.getByRole('link', { name: 'Audit' }).first().click();
    await page.getByText('This page could not be loaded').first().waitFor();
    await waitForValue(field, 'typed without a network');
    await context.setOffline(false);
    await page.getByRole('link', { name: 'Audit' }).first().click();
    await page.getByRole('heading', { level: 1, name: /Audit/ }).waitFor();
    await context.close();
  });

  it('data that cannot be read without a network is a sentence and a button, not an endless wait', async () => {
    const { context, page } = await world().enter('console');
    const { demo } = world();
    await visit(page, world().consoleUrl(`/products/${demo.ids.product}`));
    await page.getByRole('link', { name: 'Products', exact: true }).first().click();
    const link = page.getByRole('link', { name: 'Read slowly' });
    await link.waitFor();
    await context.setOffline(true);
    await link.click();
    await page.getByText('The server cannot be reached').first().waitFor({ timeout: 20_000 });
    await context.setOffline(false);
    await page.getByRole('heading', { level: 1, name: 'Read slowly' }).waitFor({ timeout: 20_000 });
    await context.close();
  });
}
