import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoStage, openDemoStage } from './demo-stage.ts';
import { contextOf, variantOf } from './variants.ts';
import { consoleLogIn, logIn, originsOf, visit } from './visit.ts';
import { openWatchedPage } from './watched-page.ts';

let stage: DemoStage;

beforeAll(async () => {
  stage = await openDemoStage();
});
afterAll(() => stage?.close());

const at = (path: string): string => new URL(path, stage.world.addresses.consoleUrl).href;
const policy = (page: Page, title: string) => page.getByRole('heading', { name: title, exact: true });

async function choose(page: Page, menu: string, language: string): Promise<void> {
  await page.getByRole('button', { name: menu, exact: true }).click();
  await page.getByText(language, { exact: true }).click();
}

describe('what the server says', () => {
  it('is in the language that was chosen in the page, whatever the browser prefers, and follows it without a reload', async () => {
    const { world, browser } = stage;
    const context = await browser.newContext(contextOf(variantOf('desktop-light-en')));
    const watched = await openWatchedPage(context, originsOf(world));
    const { page } = watched;
    await logIn(page, consoleLogIn(world), world.people.admin);
    await visit(page, at('/policy-catalogue'));
    await policy(page, 'Call limit').waitFor();

    await choose(page, 'Language', '简体中文');
    await policy(page, '调用次数限制').waitFor();
    expect(await policy(page, 'Call limit').count()).toBe(0);
    await choose(page, '语言', 'English');
    await policy(page, 'Call limit').waitFor();
    await choose(page, 'Language', '简体中文');
    expect(watched.takeTroubles()).toEqual([]);

    await visit(page, at('/policy-templates/~new'));
    await page.getByRole('textbox', { name: '名称' }).fill('Key and fair use');
    await page.getByRole('button', { name: '创建模板' }).click();
    await page.getByRole('alert').filter({ hasText: '已有同名的策略模板。' }).waitFor();
    await context.close();
  });

  it('of a document comes in the words of its parser, which are marked as English in a Chinese page', async () => {
    const { world, browser } = stage;
    const context = await browser.newContext(contextOf(variantOf('desktop-light-zh')));
    const { page } = await openWatchedPage(context, originsOf(world));
    await logIn(page, consoleLogIn(world), world.people.admin);
    await visit(page, at(`/gateway-groups/${world.ids.group}/import`));
    await page.getByRole('textbox', { name: /^文档/ }).fill('openapi: 3.1.0\ninfo: {title: Books\npaths: {}\n');
    await page.getByRole('button', { name: '预览变更' }).click();
    const refusal = page.getByRole('alert').filter({ hasText: '无法导入该 OpenAPI 文档。' });
    await refusal.locator('li [lang=en]').first().waitFor();
    expect(await refusal.getByText('无法导入').locator('xpath=ancestor-or-self::*[@lang="en"]').count()).toBe(0);
    // The same words stand at the line, and those of the page's own editor as well.
    await page.locator('.cm-lint-marker-error').first().hover();
    await page.locator('.cm-tooltip [lang=en]').first().waitFor();
    await context.close();
  });
});
