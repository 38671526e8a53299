import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { visit } from '../visit.ts';
import type { TroubleWorld } from './trouble-world.ts';
import { waitForValue } from './typing.ts';

const form = (page: Page) => page.getByRole('region', { name: 'Form', exact: true });
const json = (page: Page) => page.getByRole('textbox', { name: /^Options of IP restriction as JSON/ });
const message = (page: Page) => form(page).getByLabel('Message', { exact: true });

async function addPolicy(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: 'Add an inbound policy' }).click();
  await page.getByRole('dialog').getByRole('listitem').getByRole('button').filter({ hasText: title }).first().click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

async function holdsText(page: Page, text: string): Promise<void> {
  await expect.poll(() => json(page).innerText(), { timeout: 10_000 }).toContain(text);
}

/** A policy's form and JSON side by side. */
export function describePolicyEditor(world: () => TroubleWorld): void {
  it('the form and the JSON of a policy follow each other key by key, and no cursor jumps', async () => {
    const { context, page } = await world().enter('console');
    await visit(page, world().consoleUrl('/policy-templates/~new'));
    await addPolicy(page, 'IP restriction');
    await json(page).click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('{"message": "no way');
    await waitForValue(message(page), 'no way');
    await page.keyboard.type(' in');
    await waitForValue(message(page), 'no way in');
    // The text stays as it was written: no form has put it in order meanwhile.
    await holdsText(page, '{"message": "no way in"}');

    await message(page).click();
    await page.keyboard.press('Home');
    await page.keyboard.type('ab');
    await waitForValue(message(page), 'abno way in');
    await holdsText(page, '"message": "abno way in"');
    // Where the cursor stood is part of what must not be lost.
    await page.keyboard.type('c');
    await waitForValue(message(page), 'abcno way in');
    await context.close();
  });

  it('JSON that is none yet is told with its line, kept beside other policies, not saved, and given up only when asked to', async () => {
    const { context, page } = await world().enter('console');
    await visit(page, world().consoleUrl('/policy-templates/~new'));
    await page.getByLabel('Name', { exact: true }).fill('half typed');
    await addPolicy(page, 'IP restriction');
    await json(page).click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('{"message": "valid"}');
    await waitForValue(message(page), 'valid');
    await page.keyboard.press('Enter');
    await page.keyboard.type('oops');
    await page.getByText('Line 2 is not valid JSON yet; the form keeps what was valid last.').waitFor();
    await waitForValue(message(page), 'valid');
    expect(await message(page).isDisabled()).toBe(true);

    await addPolicy(page, 'Request id');
    await page.getByRole('button', { name: /^IP restriction/, pressed: false }).click();
    await holdsText(page, 'oops');
    const asked: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && asked.push(request.url()));
    await page.getByRole('button', { name: 'Create the template' }).click();
    await page.getByText('One policy needs another look').waitFor();
    expect(asked.filter((url) => url.includes('policy-templates'))).toEqual([]);

    await page.getByRole('button', { name: 'Back to what was valid' }).click();
    await holdsText(page, '"message": "valid"');
    expect(await message(page).isEnabled()).toBe(true);
    await context.close();
  });
}
