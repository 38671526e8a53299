import { expect } from 'vitest';
import type { Scene } from './scene.ts';

/** Changes something that is in force already, so that there is a before and an after. */
export async function describeFirstApi({ admin }: Scene): Promise<void> {
  await admin.page.getByRole('row').filter({ hasText: '/status' }).getByRole('link').click();
  await admin.fill({ 'resources.description': 'Tells how the library is' });
  await admin.press('resources.save');
  await admin.look('console: a route');
  await admin.button('resources.save').waitFor({ state: 'detached' });
}

/** Looks at what the draft changes, publishes it, and waits until it is live everywhere. */
export async function publishChanges({ admin, client }: Scene, gateway: string): Promise<void> {
  await admin.goTo('changes');
  // Service, two routes and upstream of the books, and the route that has a description now.
  await admin.sees('changes.count', { count: 5, values: { n: 5 } });
  await admin.look('console: changes');
  await admin.page.getByRole('button', { name: `Status ${admin.say('changes.badge.change')}` }).click();
  await admin.page
    .getByRole('list', { name: admin.say('changes.fields') })
    .getByText('Tells how the library is')
    .waitFor();
  if (admin.isOnPhone) await admin.page.getByLabel('Status', { exact: true }).waitFor();
  else
    for (const side of ['before', 'after'])
      await admin.field(`ui.diff.${side}Of`, { values: { name: 'Status' } }).waitFor();
  await admin.look('console: changes, side by side');

  await admin.press('changes.publish.open');
  await admin.dialog.fill({ 'revisions.note': 'The books' });
  await admin.dialog.sees('changes.publish.changes', { count: 6, values: { n: 6 } });
  await admin.look('console: publish');
  await admin.dialog.press('changes.publish.submit');
  await admin.dialog.sees('revisions.rollout.everywhere', { count: 1, values: { n: 1 } });
  await admin.look('console: publish, live');
  await admin.dialog.press('changes.publish.close');
  await admin.sees('changes.empty.title');

  const refused = await client.callUntil(401, { address: `${gateway}books` });
  expect(refused.isFromUpstream).toBe(false);
}
