import { expect } from 'vitest';
import { addressIn } from './gateway-client.ts';
import { approve } from './joining.ts';
import { productName } from './product.ts';
import type { Scene } from './scene.ts';

/** What the developer builds. */
export const applicationName = 'Reading list';

/** A key, and where it is of use. */
export interface Held {
  readonly key: string;
  readonly address: string;
}

/** Makes an application, subscribes it to the plan, and waits for the page to say that it works. */
export async function subscribe(scene: Scene): Promise<void> {
  const { developer } = scene;
  await developer.goTo('applications');
  await developer.look('portal: applications, none');
  await developer.press('applications.create');
  await developer.dialog.fill({ 'applications.name': applicationName });
  await developer.look('portal: create an application');
  await developer.dialog.press('applications.create');
  await developer.seesHeading(applicationName);
  await developer.look('portal: an application');

  await developer.goTo('catalogue');
  await developer.followTo(productName);
  await developer.follow('product.getAccess');
  await developer.page.getByRole('button', { name: developer.say('product.plans.subscribe') }).click();
  await developer.dialog.choose('product.subscribe.application', applicationName);
  await developer.look('portal: subscribe');
  await developer.dialog.press('product.plans.subscribe');
  await developer.sees('subscriptions.meaning.pending');
  await developer.look('portal: a subscription that waits');

  await approve(scene, applicationName);
  await developer.sees('subscriptions.states.approved');
  await developer.look('portal: a subscription');
}

/** Gets a key, which is shown this once, and calls with and without it. */
export async function useKey({ developer, client, upstream }: Scene): Promise<Held> {
  await developer.press('subscriptions.keys.issue');
  await developer.dialog.fill({ 'subscriptions.keys.name': 'Laptop' });
  await developer.dialog.press('subscriptions.keys.issue');
  const held = await readKey(developer);
  await developer.look('portal: a new key');
  await developer.dialog.press('subscriptions.keys.copied');
  await developer.page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await developer.page.getByText(held.key).count()).toBe(0);

  const before = upstream.received();
  const passed = await client.callUntil(200, held);
  expect(passed.isFromUpstream).toBe(true);
  expect((await client.call(held.address)).status).toBe(401);
  expect((await client.call(held.address, 'nobody-has-this-key')).status).toBe(401);
  expect(upstream.received()).toBe(before + 1);
  return held;
}

/** The key that the page shows, and the address of the call that it proposes. */
async function readKey(developer: Scene['developer']): Promise<Held> {
  const key = await developer.dialog.field('subscriptions.keys.yourKey').innerText();
  const command = await developer.dialog.field('subscriptions.keys.firstCall').innerText();
  expect(command).toContain(key);
  return { key, address: addressIn(command) };
}

/** Replaces the key at once by a new one, and revokes that: each time the old one is refused. */
export async function exchangeKeys({ developer, client }: Scene, old: Held): Promise<void> {
  await developer.press('subscriptions.keys.actions', { values: { name: 'Laptop' } });
  await developer.chooseInMenu('subscriptions.keys.rotate');
  await developer.dialog.choose('subscriptions.keys.overlap', developer.say('subscriptions.keys.overlaps.0'));
  await developer.look('portal: replace a key');
  await developer.dialog.press('subscriptions.keys.rotateSubmit');
  const fresh = await readKey(developer);
  await developer.dialog.press('subscriptions.keys.copied');
  expect(fresh.key).not.toBe(old.key);
  await client.callUntil(200, fresh);
  await client.callUntil(401, old);

  await developer.press('subscriptions.keys.actions', { values: { name: 'Laptop' } });
  await developer.chooseInMenu('subscriptions.keys.revoke');
  await developer.look('portal: revoke a key');
  await developer.dialog.press('subscriptions.keys.revoke');
  await developer.sees('subscriptions.keys.revoked');
  await client.callUntil(401, fresh);
  await developer.look('portal: keys, revoked');
}
