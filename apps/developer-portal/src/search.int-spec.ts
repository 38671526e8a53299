import type { Page } from '@tollgate/contracts/rest';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { PortalTenant, type SuiteDeveloper } from './testing/portal-tenant.ts';
import { type RunningPortal, startPortal } from './testing/start-portal.ts';

let portal: RunningPortal;
let tenant: PortalTenant;
let developer: SuiteDeveloper;
let ids: { product: string; application: string; subscription: string };

beforeAll(async () => {
  portal = await startPortal({ databaseUrl: inject('databaseUrl'), redisUrl: inject('redisUrl'), redisDatabase: 3 });
  tenant = await PortalTenant.create(portal);
  developer = await tenant.developer();
  const { product, plan } = await tenant.onSale({}, { name: 'Weather 100%', description: 'Rain and 晴天' });
  const { application, subscription } = await tenant.subscribed(developer, plan.id);
  ids = { product: product.id, application: application.id, subscription: subscription.id };
  const other = await tenant.onSale({}, { name: 'Parcels' });
  await tenant.subscribed(await tenant.developer(), other.plan.id);
});
afterAll(() => portal.close());

const found = async (list: string, search: string, by = tenant) => {
  const path = `/api/v1/${list}?search=${encodeURIComponent(search)}`;
  const { status, body } = await by.admin<Page<{ id: string }>>(path);
  expect(status).toBe(200);
  return body.items.map(({ id }) => id);
};

describe('lists of the console', () => {
  it('are searched by what people know the items by, in any case, and take no pattern for one', async () => {
    for (const text of ['weather', '100%', '晴天', ids.product]) {
      expect(await found('api-products', text)).toEqual([ids.product]);
    }
    expect(await found('api-products', 'weather%')).toEqual([]);
    expect(await found('developers', developer.email.toUpperCase())).toEqual([developer.id]);
    expect(await found('subscriptions', 'WEATHER')).toEqual([ids.subscription]);
    expect(await found('subscriptions', ids.subscription)).toEqual([ids.subscription]);
    expect(await found('applications', ids.application)).toEqual([ids.application]);
    expect(await found('subscriptions', 'dana')).toHaveLength(2);
  });

  it('hold nothing of other tenants, whatever is searched for', async () => {
    const stranger = await PortalTenant.create(portal);
    for (const list of ['api-products', 'developers', 'subscriptions', 'applications']) {
      expect(await found(list, 'a', stranger)).toEqual([]);
    }
  });
});
