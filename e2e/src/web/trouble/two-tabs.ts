import { expect, it } from 'vitest';
import { visit } from '../visit.ts';
import type { TroubleWorld } from './trouble-world.ts';
import { logInAgain, lostSession, saveAndWait, waitForValue } from './typing.ts';

/** Two tabs of one browser. */
export function describeTwoTabs(world: () => TroubleWorld): void {
  it('a log-out in one tab asks the other to log in again, over its page and all that is typed there', async () => {
    const { context, page } = await world().enter('console');
    const other = await context.newPage();
    const url = world().consoleUrl(`/products/${world().demo.ids.product}`);
    await Promise.all([visit(page, url), visit(other, world().consoleUrl('/products'))]);
    const field = page.getByRole('main').getByLabel(/^Short description/);
    await field.fill('typed before the log-out');

    await other.getByRole('button', { name: /^Account of/ }).click();
    await other.getByRole('menuitem', { name: 'Log out' }).click();
    await other.waitForURL(/log-in/);
    // Told by the other tab: sooner than any poll of this page would find out.
    await lostSession(page).waitFor({ timeout: 4_000 });
    expect(page.url()).toBe(url);
    await logInAgain(page, world().demo.people.admin.password);
    await waitForValue(field, 'typed before the log-out');
    await saveAndWait(page, /^Save$/);
    await context.close();
  });

  it('in the portal as well a log-out in one tab costs the other nothing', async () => {
    const { context, page } = await world().enter('portal');
    const { siteSlug, ids, people } = world().demo;
    const other = await context.newPage();
    const url = new URL(`/${siteSlug}/applications/${ids.application}`, page.url()).href;
    await Promise.all([visit(page, url), visit(other, url)]);
    await page.getByRole('button', { name: 'Edit' }).first().click();
    const field = page.getByRole('dialog', { name: 'Edit the application' }).getByLabel(/^Description/);
    await field.fill('typed before the log-out');
    await other.getByRole('button', { name: /^Account of/ }).click();
    await other.getByRole('menuitem', { name: 'Log out' }).click();
    await lostSession(page).waitFor({ timeout: 4_000 });
    await logInAgain(page, people.developer.password);
    await waitForValue(field, 'typed before the log-out');
    await context.close();
  });

  it('what is made in one tab appears in the list of the other by itself', async () => {
    const { context, page } = await world().enter('console');
    const other = await context.newPage();
    const url = world().consoleUrl('/products');
    await Promise.all([visit(page, url), visit(other, url)]);
    await other.getByRole('button', { name: 'Create a product' }).click();
    await other.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Seen by the other tab');
    await other.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('link', { name: 'Seen by the other tab' }).waitFor();
    await context.close();
  });

  it('another language and another theme lose nothing that is typed', async () => {
    const { context, page } = await world().enter('console');
    await visit(page, world().consoleUrl(`/products/${world().demo.ids.product}`));
    const field = page.getByRole('main').locator('textarea').first();
    await field.fill('typed in English');
    await page.getByRole('button', { name: 'Language' }).click();
    await page.getByRole('menuitem', { name: '简体中文' }).click();
    await page.getByRole('button', { name: '保存', exact: true }).waitFor();
    await waitForValue(field, 'typed in English');
    await page.getByRole('button', { name: '主题' }).click();
    await page.getByRole('menuitem', { name: '深色' }).click();
    await page.locator('html[data-theme=dark]').waitFor();
    await waitForValue(field, 'typed in English');
    await context.close();
  });

  it('leaving a changed form asks first, by a link and by a reload, and staying keeps what is typed', async () => {
    const { context, page } = await world().enter('console');
    const url = world().consoleUrl(`/products/${world().demo.ids.product}`);
    await visit(page, url);
    const field = page.getByRole('main').getByLabel(/^Short description/);
    await field.fill('not saved yet');
    const asked: string[] = [];
    let answer: 'accept' | 'dismiss' = 'dismiss';
    page.on('dialog', (dialog) => {
      asked.push(`${dialog.type()}: ${dialog.message()}`);
      void dialog[answer]();
    });
    await page.getByRole('link', { name: 'Members' }).first().click();
    await expect.poll(() => asked).toHaveLength(1);
    expect(asked[0]).toContain('not saved');
    expect(page.url()).toBe(url);
    await page.reload({ timeout: 2_000 }).catch(() => undefined);
    await expect.poll(() => asked).toHaveLength(2);
    expect(asked[1]).toContain('beforeunload');
    await waitForValue(field, 'not saved yet');

    answer = 'accept';
    await page.getByRole('link', { name: 'Members' }).first().click();
    await page.waitForURL(/members/);
    await context.close();
  });
}
