import type { BrowserContext, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { dataOf } from '../../journey/world.ts';
import { logIn, visit } from '../visit.ts';
import { type CuttingProxy, startCuttingProxy } from './cutting-proxy.ts';
import type { TroubleWorld } from './trouble-world.ts';
import { waitForValue } from './typing.ts';

/** A connection that breaks in the middle of an answer, and a first load of which one answer is missing. */
export function describeCutAnswers(world: () => TroubleWorld): void {
  /** The console through a proxy that can cut, logged in. */
  async function enterThroughProxy(
    play: (at: {
      page: Page;
      context: BrowserContext;
      proxy: CuttingProxy;
      url: (path: string) => string;
    }) => Promise<void>,
  ): Promise<void> {
    const proxy = await startCuttingProxy(world().consoleUrl('/'));
    const context = await world().newContext();
    try {
      const page = await context.newPage();
      const url = (path: string): string => new URL(path, proxy.url).href;
      await logIn(page, url('/log-in'), world().demo.people.admin);
      await play({ page, context, proxy, url });
    } finally {
      await context.close();
      await proxy.stop();
    }
  }

  it('a page whose answer breaks off in the middle says so, and is there when it is tried again', async () => {
    await enterThroughProxy(async ({ page, proxy, url }) => {
      await visit(page, url('/products'));
      proxy.cut('GET /api/v1/api-products/', 'inside');
      await page.getByRole('main').getByRole('link', { name: 'Bookshop API' }).click();
      await page.getByRole('main').getByText('The server cannot be reached').first().waitFor({ timeout: 20_000 });
      expect(proxy.cuts()).toBeGreaterThan(0);
      proxy.mend();
      await page.getByRole('main').getByRole('button', { name: 'Try again' }).first().click();
      await page.getByRole('heading', { level: 1, name: 'Bookshop API' }).waitFor();
    });
  });

  it('what is saved while the answer breaks off is still typed there, and saved once when it is saved again', async () => {
    await enterThroughProxy(async ({ page, proxy, url }) => {
      await visit(page, url('/products'));
      await page.getByRole('button', { name: 'Create a product' }).first().click();
      const dialog = page.getByRole('dialog', { name: 'Create a product' });
      await dialog.getByLabel('Name', { exact: true }).fill('Cut off');
      proxy.cut('POST /api/v1/api-products', 'inside');
      const submit = dialog.getByRole('button', { name: 'Create', exact: true });
      await submit.click();
      await dialog.getByText('The server cannot be reached').waitFor();
      expect(proxy.cuts()).toBe(1);
      await waitForValue(dialog.getByLabel('Name', { exact: true }), 'Cut off');
      proxy.mend();
      await submit.click();
      await page.getByRole('heading', { level: 1, name: 'Cut off' }).waitFor();
      const { items } = await dataOf(world().admin.GET('/api/v1/api-products', {}));
      expect(items.filter(({ name }) => name === 'Cut off')).toHaveLength(1);
    });
  });

  it('a first load that cannot find out who is logged in is a sentence with a way to try again', async () => {
    await enterThroughProxy(async ({ page, proxy, url }) => {
      proxy.cut('GET /api/v1/me ', 'before');
      await page.goto(url('/products'));
      await page.getByText('The server cannot be reached').filter({ visible: true }).last().waitFor();
      expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
      // Still away: the page says so again instead of ending up empty.
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByRole('button', { name: 'Try again' }).waitFor();
      proxy.mend();
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByRole('heading', { level: 1, name: 'Products' }).waitFor();
      expect(page.url()).toBe(url('/products'));
    });
  });

  it('a first load that waits for who is logged in says so, and goes on by itself', async () => {
    const { context, page } = await world().enter('console');
    // The document and its code are asked for before the service stops; who is logged in is not answered any more.
    await page.route('**/api/v1/me', async (route) => {
      await world().whileStopped(async () => {
        void route.continue();
        await page.getByText('Loading', { exact: true }).first().waitFor({ state: 'attached' });
        await page.getByText('This takes longer than usual').first().waitFor({ timeout: 20_000 });
      });
    });
    await page.goto(world().consoleUrl('/products'));
    await page.getByRole('heading', { level: 1, name: 'Products' }).waitFor({ timeout: 20_000 });
    await context.close();
  });
}
