import { expect } from 'vitest';
import { planQuota, productName } from './product.ts';
import type { Scene } from './scene.ts';

/** Plays a request in the portal: it goes through the gateway and counts. */
export async function tryRequest({ developer, upstream }: Scene): Promise<void> {
  const before = upstream.received();
  await developer.follow('subscriptions.toProduct');
  await developer.turnTo({ list: 'product.tabs.label', tab: 'product.tabs.try', values: { name: productName } });
  await developer.field('try.operation').waitFor();
  await developer.look('portal: try');
  await developer.press('try.send');
  await developer.sees('try.byApi');
  expect(upstream.received()).toBe(before + 1);
  await developer.look('portal: tried');
}

/** The subscription shows what was used of the quota: `calls` of them. */
export async function seeUsage({ developer }: Scene, calls: number): Promise<void> {
  await developer.page.getByRole('link', { name: developer.say('product.yourSubscription') }).click();
  const used = developer.say('subscriptions.quota.used', { values: { used: calls } });
  await developer.page.getByRole('meter', { name: developer.say('subscriptions.quota.title') }).waitFor();
  await developer.seesText(used);
  await developer.seesText((planQuota - calls).toLocaleString(developer.language));
  await developer.look('portal: usage');
}
