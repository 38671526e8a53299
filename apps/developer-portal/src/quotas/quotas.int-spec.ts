import { quotaMetered } from '@tollgate/contracts/events';
import type { Subscription, SubscriptionQuota } from '@tollgate/contracts/rest/portal';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { PortalTenant, type SuiteDeveloper } from '../testing/portal-tenant.ts';
import { type RunningPortal, startPortal } from '../testing/start-portal.ts';

let portal: RunningPortal;
let tenant: PortalTenant;
let developer: SuiteDeveloper;

beforeAll(async () => {
  portal = await startPortal({
    databaseUrl: inject('databaseUrl'),
    redisUrl: inject('redisUrl'),
    redisDatabase: 6,
  });
  tenant = await PortalTenant.create(portal);
  developer = await tenant.developer();
});
afterAll(() => portal.close());

const seenByAdmin = ({ id }: Subscription) => tenant.admin<SubscriptionQuota>(`/api/v1/subscriptions/${id}/quota`);
const seenBy = (whom: SuiteDeveloper, { id }: Subscription) =>
  whom.request<SubscriptionQuota>(`/subscriptions/${id}/quota`);

async function metered({ id, planVersionId }: Subscription, used: number, version: number): Promise<void> {
  const [periodStart, periodEnd] = [-1, 1].map((days) => new Date(Date.now() + days * 86_400_000).toISOString());
  await portal.publish(
    quotaMetered.create({
      subject: id,
      tenantId: tenant.tenantId,
      aggregateVersion: version,
      data: {
        subscriptionId: id,
        planVersionId,
        period: 'month',
        periodStart: periodStart ?? '',
        periodEnd: periodEnd ?? '',
        limit: 100,
        used,
        watermarks: [],
      },
    }),
  );
}

describe('the quota of a subscription', () => {
  it('is seen by its developer and by admins as it was metered last, and by nobody else', async () => {
    const quota = { calls: 100, period: 'month' } as const;
    const { plan } = await tenant.onSale({ quota });
    const { subscription } = await tenant.subscribed(developer, plan.id);
    expect(await seenByAdmin(subscription)).toMatchObject({ status: 200, body: { quota, used: 0, remaining: 100 } });

    await metered(subscription, 30, 2);
    await metered(subscription, 10, 1);
    await eventually(async () => expect((await seenByAdmin(subscription)).body.used).toBe(30), { withinMs: 10_000 });
    const mine = await seenBy(developer, subscription);
    expect(mine.body).toMatchObject({ quota, used: 30, remaining: 70 });
    expect(mine.body).toEqual((await seenByAdmin(subscription)).body);

    expect((await seenBy(await tenant.developer(), subscription)).status).toBe(404);
    const other = await PortalTenant.create(portal);
    expect((await other.admin(`/api/v1/subscriptions/${subscription.id}/quota`)).status).toBe(404);
    expect((await portal.request(`/api/v1/subscriptions/${subscription.id}/quota`)).status).toBe(401);
  });

  it('is null where the plan has none', async () => {
    const { plan } = await tenant.onSale();
    const { subscription } = await tenant.subscribed(developer, plan.id);
    expect((await seenBy(developer, subscription)).body).toMatchObject({ quota: null, used: null, remaining: null });
  });

  it('goes with the subscription, and news of it that come later are passed over', async () => {
    const { plan } = await tenant.onSale({ quota: { calls: 100, period: 'month' } });
    const [gone, other] = [await tenant.subscribed(developer, plan.id), await tenant.subscribed(developer, plan.id)];
    const rows = () =>
      portal.database.query(
        'select subscription_id as id from portal.subscription_quotas where subscription_id = any($1)',
        [[gone.subscription.id, other.subscription.id]],
      );
    await metered(gone.subscription, 30, 1);
    await eventually(async () => expect(await rows()).toEqual([{ id: gone.subscription.id }]), { withinMs: 10_000 });
    const headers = { 'if-match': `"${gone.application.version}"` };
    const path = `/applications/${gone.application.id}?force=true`;
    expect((await developer.request(path, { method: 'DELETE', headers })).status).toBe(200);
    expect(await rows()).toEqual([]);
    await metered(gone.subscription, 40, 2);
    await metered(other.subscription, 10, 1);
    await eventually(async () => expect(await rows()).toEqual([{ id: other.subscription.id }]), { withinMs: 10_000 });
  });
});
