import type { Page } from '@tollgate/contracts/rest';
import type {
  CredentialSnapshot,
  PlanVersionSnapshot,
  ProductSnapshot,
  SubscriptionSnapshot,
} from '@tollgate/contracts/rest/portal';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { PortalTenant } from '../testing/portal-tenant.ts';
import { type RunningPortal, startPortal } from '../testing/start-portal.ts';

let portal: RunningPortal;

beforeAll(async () => {
  portal = await startPortal({ databaseUrl: inject('databaseUrl'), redisUrl: inject('redisUrl'), redisDatabase: 8 });
});
afterAll(() => portal.close());

describe('snapshots', () => {
  it('hold what events announced, of the named tenant only', async () => {
    const tenant = await PortalTenant.create(portal);
    await (await PortalTenant.create(portal)).onSale();
    const { product, plan } = await tenant.onSale();
    const developer = await tenant.developer();
    const { application, subscription, credential } = await tenant.subscribed(developer, plan.id);
    await developer.request(`/subscriptions/${subscription.id}/cancel`, { method: 'POST' });
    const authorization = await portal.service(tenant.tenantId);
    const read = async <T>(what: string) =>
      (await portal.request<Page<T>>(`/internal/v1/portal/${what}`, { authorization })).body;

    expect(await read<ProductSnapshot>('products')).toMatchObject({
      items: [{ productId: product.id, state: 'published', planVersionIds: [plan.current.id], keyless: false }],
      nextCursor: null,
    });
    expect(await read<PlanVersionSnapshot>('plans')).toMatchObject({
      items: [{ planVersionId: plan.current.id, planId: plan.id, version: 1, limit: plan.current.limit }],
    });
    expect(await read<SubscriptionSnapshot>('subscriptions')).toMatchObject({
      items: [
        {
          subscriptionId: subscription.id,
          applicationName: application.name,
          groupIds: [tenant.groupId],
          state: 'cancelled',
          version: 2,
        },
      ],
    });
    expect(await read<CredentialSnapshot>('credentials')).toMatchObject({
      items: [{ credentialId: credential.id, state: 'revoked', groupIds: [tenant.groupId] }],
    });
  });

  it('need a tenant', async () => {
    const authorization = await portal.service();
    expect((await portal.request('/internal/v1/portal/products', { authorization })).status).toBe(403);
  });
});
