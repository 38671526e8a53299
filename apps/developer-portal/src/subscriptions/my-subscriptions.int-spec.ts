import { newId } from '@tollgate/contracts';
import { priceSet } from '@tollgate/contracts/events';
import type { Page } from '@tollgate/contracts/rest';
import type { MySubscription } from '@tollgate/contracts/rest/portal';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { PortalTenant, type SuiteDeveloper } from '../testing/portal-tenant.ts';
import { type RunningPortal, startPortal } from '../testing/start-portal.ts';

let portal: RunningPortal;
let tenant: PortalTenant;
let developer: SuiteDeveloper;

beforeAll(async () => {
  portal = await startPortal({ databaseUrl: inject('databaseUrl'), redisUrl: inject('redisUrl'), redisDatabase: 6 });
  tenant = await PortalTenant.create(portal);
  developer = await tenant.developer();
});
afterAll(() => portal.close());

const read = async (id: string) => {
  const one = await developer.request<MySubscription>(`/subscriptions/${id}`);
  expect(one.status).toBe(200);
  const { body } = await developer.request<Page<MySubscription>>('/subscriptions?limit=200');
  expect(body.items.find((listed) => listed.id === id)).toEqual(one.body);
  return one.body;
};

describe('a developer’s own subscription', () => {
  it('is read by names and with the terms of its own plan version, also when newer ones are on offer', async () => {
    const limit = { calls: 7, windowSeconds: 60 };
    const { product, plan } = await tenant.onSale({ limit, quota: { calls: 100, period: 'day' } });
    const { application, subscription } = await tenant.subscribed(developer, plan.id);
    const names = {
      productName: product.name,
      planName: plan.name,
      applicationName: application.name,
      requestedPlanName: null,
    };
    const terms = { limit, quota: { calls: 100, period: 'day' }, approval: 'automatic', price: null };
    expect(await read(subscription.id)).toEqual({ ...subscription, ...names, terms });

    const at = new Date(Date.now() - 60_000).toISOString();
    const price = { model: 'per-call', unitPrice: '0.25', perCalls: 1, includedCalls: 0 } as const;
    const data = {
      priceId: newId('prc'),
      planVersionId: plan.current.id,
      currency: 'EUR',
      terms: price,
      effectiveFrom: at,
      createdAt: at,
    };
    const { tenantId } = tenant;
    await portal.publish(priceSet.create({ subject: data.priceId, tenantId, aggregateVersion: 1, data }));
    const priced = { ...terms, price: { ...price, currency: 'EUR' } };
    await eventually(async () => expect((await read(subscription.id)).terms).toEqual(priced), { withinMs: 10_000 });

    await tenant.admin(`/api/v1/plans/${plan.id}/versions`, { body: { limit: { calls: 1, windowSeconds: 1 } } });
    expect(await read(subscription.id)).toMatchObject({ ...names, terms: priced });
  });

  it('names the plan that it waits for, and keeps its names when all of it is off sale', async () => {
    const { product, plan } = await tenant.onSale();
    const wanted = await tenant.plan(product.id, { approval: 'manual' });
    const { subscription } = await tenant.subscribed(developer, plan.id);
    const body = { planId: wanted.id };
    expect((await developer.request(`/subscriptions/${subscription.id}/change-plan`, { body })).status).toBe(200);
    expect(await read(subscription.id)).toMatchObject({ planName: plan.name, requestedPlanName: wanted.name });
    await tenant.admin(`/api/v1/api-products/${product.id}/unpublish`, { method: 'POST' });
    expect((await developer.request(`/products/${product.id}`)).status).toBe(404);
    expect(await read(subscription.id)).toMatchObject({ productName: product.name, planName: plan.name });
  });
});
