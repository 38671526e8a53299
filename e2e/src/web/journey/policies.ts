import { expect } from 'vitest';
import type { Scene } from './scene.ts';

/** Name of the template that asks every call for a key. */
export const templateName = 'With a key';

/** Options of `key-auth` as the catalogue calls them. */
const options = {
  en: { header: 'Header', hide: 'Hide credentials' },
  'zh-CN': { header: '请求头', hide: '隐藏凭据' },
} as const;

/** A policy template by its form, and its first version. */
export async function makeTemplate({ admin }: Scene): Promise<void> {
  await admin.goTo('policy-templates');
  await admin.look('console: templates');
  await admin.page
    .getByRole('link', { name: admin.say('policies.templates.add') })
    .first()
    .click();
  await admin.fill({ 'policies.templateName': templateName });
  await admin.press('policies.addTo.inbound');
  await admin.look('console: add a policy');
  await admin.dialog.fill({ 'policyEditing.search': 'key-auth' });
  await admin.page.getByRole('dialog').getByRole('listitem').getByRole('button').first().click();
  const { header, hide } = options[admin.language];
  await admin.page.getByLabel(header, { exact: true }).fill('apikey');
  await admin.page.getByRole('switch', { name: hide }).click();
  await admin.look('console: a new template');
  await admin.press('policies.create');

  await admin.press('policies.publish');
  await admin.dialog.fill({ 'policies.note': 'Keys for the books' });
  await admin.look('console: publish a template');
  await admin.dialog.press('policies.publishVersion', { values: { number: 1 } });
  await admin.dialog.sees('policies.noGroups');
  await admin.page.keyboard.press('Escape');
  await admin.sees('policies.versionIs', { values: { number: 1 } });
  await admin.look('console: a template');
  expect(await admin.page.getByText(admin.say('policies.draftDiffers')).count()).toBe(0);
}
