import { expect } from 'vitest';
import { booksDocument, booksTitle } from './books-document.ts';
import { templateName } from './policies.ts';
import type { Scene } from './scene.ts';

/** An OpenAPI document becomes a service in the draft, after a look at what that changes. */
export async function importBooks({ admin, upstream }: Scene): Promise<void> {
  await admin.goTo('services');
  await admin.look('console: services');
  await admin.followTo(admin.say('importOpenapi.title'));
  await admin.give('importOpenapi.chooseFile', { name: 'books.json', text: booksDocument(upstream.url) });
  await admin.press('importOpenapi.preview');
  await admin.seesHeading(admin.say('importOpenapi.previewOf', { values: { title: booksTitle } }));
  const changes = admin.page.getByRole('table', { name: admin.say('importOpenapi.changes') });
  expect(await changes.getByText(admin.say('importOpenapi.changeKinds.add'), { exact: true }).count()).toBe(4);
  await admin.look('console: import, preview');
  await admin.press('importOpenapi.apply');
  await admin.sees('importOpenapi.done', { values: { title: booksTitle } });
  await admin.look('console: import, done');
}

/** The imported service asks for keys from the next publish on. */
export async function guardBooks({ admin }: Scene): Promise<void> {
  await admin.follow('importOpenapi.toService');
  await admin.look('console: a service');
  await admin.find('apis.template', templateName);
  await admin.press('resources.save');
  await admin.button('resources.save').waitFor({ state: 'detached' });
  await admin.goTo('routes');
  await admin.seesText('/books');
  await admin.look('console: routes');
}
