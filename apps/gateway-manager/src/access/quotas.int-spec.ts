import { ServiceClient, ServiceTokens } from '@tollgate/auth';
import { newId } from '@tollgate/contracts';
import {
  planVersionPublished,
  quotaMetered,
  type QuotaMetered,
  type QuotaPeriod,
  subscriptionApproved,
  subscriptionCancelled,
  type TopicEvent,
} from '@tollgate/contracts/events';
import { parseResource } from '@tollgate/contracts/gateway';
import { type GatewayGroup, rebuildGatewayManagerProjections } from '@tollgate/contracts/rest/gateway';
import { Database } from '@tollgate/persistence';
import { testMasterKey } from '@tollgate/persistence/testing';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { PortalProjection } from './portal-projection.ts';
import { CONFIG_FEED, type ConfigFeed } from '../link/config-feed.ts';
import {
  type RunningGatewayManager,
  type SampleTenant,
  startGatewayManager,
} from '../testing/start-gateway-manager.ts';

let manager: RunningGatewayManager;
let feed: ConfigFeed;
let tenant: SampleTenant;
let group: GatewayGroup;
let ids: { productId: string; planId: string; planVersionId: string; subscriptionId: string };

beforeAll(async () => {
  manager = await startGatewayManager(inject('databaseUrl'));
  feed = manager.service.app.get<ConfigFeed>(CONFIG_FEED, { strict: false });
});
afterAll(() => manager.close());
beforeEach(async () => {
  tenant = await manager.addTenant();
  group = await manager.addGroup(tenant);
  ids = {
    productId: newId('prd'),
    planId: newId('pln'),
    planVersionId: newId('plv'),
    subscriptionId: newId('sub'),
  };
});

type Quota = { calls: number; period: QuotaPeriod } | null;

function planEvent(quota: Quota, { planVersionId, version }: { planVersionId: string; version: number }): TopicEvent {
  const { planId: subject, productId } = ids;
  const data = { planId: subject, planVersionId, productId, version, name: 'Gold', limit: null, quota };
  return planVersionPublished.create({ tenantId: tenant.tenantId, subject, aggregateVersion: version, data });
}

function subscriptionEvent(
  version: number,
  planVersionId = ids.planVersionId,
  event = subscriptionApproved,
): TopicEvent {
  const { subscriptionId, productId } = ids;
  const application = { applicationId: newId('app'), applicationName: 'Forecasts', developerId: newId('dev') };
  const data = { subscriptionId, ...application, productId, planVersionId, groupIds: [group.id] };
  return event.create({ tenantId: tenant.tenantId, subject: subscriptionId, aggregateVersion: version, data });
}

function meteredEvent(used: number, version: number, change: Partial<QuotaMetered> = {}): TopicEvent {
  const { subscriptionId, planVersionId } = ids;
  const data: QuotaMetered = {
    subscriptionId,
    planVersionId,
    period: 'month',
    periodStart: '2026-05-01T00:00:00.000Z',
    periodEnd: '2026-06-01T00:00:00.000Z',
    limit: 100,
    used,
    watermarks: [{ instanceId: 'dp_1', epoch: 'e', sequence: version }],
    ...change,
  };
  return quotaMetered.create({
    tenantId: tenant.tenantId,
    subject: subscriptionId,
    aggregateVersion: version,
    data,
  });
}

/** Takes in at once what a bus would bring at some time. */
async function putMetered(used: number, version: number): Promise<void> {
  const { app } = manager.service;
  const data = quotaMetered.schema.parse(meteredEvent(used, version).envelope.data);
  await app
    .get(Database, { strict: false })
    .inTenant(tenant.tenantId, (unit) =>
      app.get(PortalProjection, { strict: false }).putQuotas(unit, [{ ...data, version }], new Map()),
    );
}

/** What the group's data planes have of the subscription, after checking that they accept it. */
async function resources(): Promise<Map<string, Record<string, unknown>>> {
  const { changes } = await feed.access.snapshot(group.id);
  const found = new Map<string, Record<string, unknown>>();
  for (const change of changes) {
    if (change.op === 'delete' || change.id !== ids.subscriptionId) continue;
    expect(parseResource(change)).toMatchObject({ ok: true });
    found.set(change.kind, change.value);
  }
  return found;
}

const untilLease = (expected: Record<string, unknown>) =>
  eventually(async () => expect((await resources()).get('quota_lease')).toMatchObject(expected), { withinMs: 5000 });
const untilNoLease = () =>
  eventually(async () => expect((await resources()).has('quota_lease')).toBe(false), { withinMs: 5000 });

async function approve(quota: Quota = { calls: 100, period: 'month' }): Promise<void> {
  const { planVersionId } = ids;
  await manager.publish(planEvent(quota, { planVersionId, version: 1 }));
  await eventually(
    async () =>
      expect(
        await manager.database.query('select from gateway.portal_plan_versions where id = $1', [planVersionId]),
      ).toHaveLength(1),
    { withinMs: 5000 },
  );
  await manager.publish(subscriptionEvent(1));
  await eventually(async () => expect((await resources()).has('consumer')).toBe(true), { withinMs: 5000 });
}

/** Has the portal say what it announced: the plan, and the subscription to it. */
async function listPortal(): Promise<void> {
  const { productId, planId, planVersionId, subscriptionId } = ids;
  const { labels } = (await resources()).get('consumer') as { labels: { application: string; developer: string } };
  const quota = { calls: 100, period: 'month' };
  const subscription = {
    subscriptionId,
    applicationId: labels.application,
    applicationName: 'Forecasts',
    developerId: labels.developer,
    productId,
    planVersionId,
    groupIds: [group.id],
    state: 'approved',
    planSince: null,
    version: 1,
  };
  const snapshots = {
    products: [],
    plans: [{ planId, planVersionId, productId, version: 1, name: 'Gold', limit: null, quota }],
    subscriptions: [subscription],
    credentials: [],
  };
  for (const [part, items] of Object.entries(snapshots)) {
    manager.developerPortal.answers.set(`/internal/v1/portal/${part}`, { items, nextCursor: null });
  }
}

/** What was checked and had drifted, by projection. */
async function rebuild(): Promise<Record<string, { checked: number; drift: number }>> {
  const empty = { items: [], nextCursor: null };
  for (const path of ['tenants', 'environments']) manager.iam.answers.set(`/internal/v1/${path}`, empty);
  const client = new ServiceClient(new ServiceTokens(testMasterKey, 'developer-portal'), {
    'gateway-manager': manager.service.url,
  });
  const { projections } = await client.call(rebuildGatewayManagerProjections, { tenantId: tenant.tenantId });
  return Object.fromEntries(projections.map(({ projection, checked, drift }) => [projection, { checked, drift }]));
}

/** Data planes of the group's pool, as the fleet knows them. */
async function addDataPlanes(...statuses: string[]): Promise<void> {
  for (const status of statuses) {
    await manager.database.query(
      `insert into gateway.data_planes (id, tenant_id, pool_id, name, status, software_version, certificate_expires_at, created_at)
       values ($1, null, $2, 'gateway', $3, '1', now(), now() - interval '1 hour')`,
      [newId('dp'), group.poolId, status],
    );
  }
}

describe('the lease of a subscription under a quota', () => {
  it('comes with its consumer, by the same position, before anything is metered', async () => {
    await approve();
    const state = await resources();
    expect(state.get('quota_lease')).toMatchObject({ limit: 100, used: 0, lease: 100, nextLease: 100, watermarks: [] });
    expect(state.get('quota_lease')).not.toHaveProperty('periodEnd');
  });

  it('follows what is metered, shared among the data planes that are there, and ignores what is older', async () => {
    await approve();
    await addDataPlanes('online', 'degraded', 'offline', 'out-of-date', 'unknown');
    await manager.publish(meteredEvent(40, 3), meteredEvent(10, 2));
    await untilLease({
      used: 40,
      lease: 20,
      nextLease: 33,
      periodEnd: '2026-06-01T00:00:00.000Z',
      watermarks: [{ instanceId: 'dp_1', epoch: 'e', sequence: 3 }],
    });
    await putMetered(10, 2);
    expect((await resources()).get('quota_lease')).toMatchObject({ used: 40 });
    await manager.publish(meteredEvent(100, 4));
    await untilLease({ used: 100, lease: 0 });
    await manager.database.query('delete from gateway.data_planes where pool_id = $1', [group.poolId]);
  });

  it('is known when the subscription is, though what was metered came first', async () => {
    await manager.publish(meteredEvent(60, 1));
    await eventually(
      async () =>
        expect(
          await manager.database.query('select from gateway.quota_meters where subscription_id = $1', [
            ids.subscriptionId,
          ]),
        ).toHaveLength(1),
      { withinMs: 5000 },
    );
    await approve();
    await untilLease({ used: 60, lease: 40 });
  });

  it('changes with the plan at once, and goes with the quota and with the subscription', async () => {
    await approve();
    await manager.publish(meteredEvent(40, 1));
    await untilLease({ used: 40, lease: 60 });
    const [bigger, daily, free] = [newId('plv'), newId('plv'), newId('plv')];
    await manager.publish(
      planEvent({ calls: 500, period: 'month' }, { planVersionId: bigger, version: 2 }),
      planEvent({ calls: 30, period: 'day' }, { planVersionId: daily, version: 3 }),
      planEvent(null, { planVersionId: free, version: 4 }),
    );
    await manager.publish(subscriptionEvent(2, bigger));
    await untilLease({ limit: 500, used: 40, lease: 460 });
    await manager.publish(subscriptionEvent(3, daily));
    await untilLease({ limit: 30, used: 0, lease: 30 });
    expect((await resources()).get('quota_lease')).not.toHaveProperty('periodEnd');
    await manager.publish(subscriptionEvent(4, free));
    await untilNoLease();
    await manager.publish(subscriptionEvent(5));
    await untilLease({ limit: 100, used: 40 });
    await manager.publish(subscriptionEvent(6, ids.planVersionId, subscriptionCancelled), meteredEvent(50, 2));
    await untilNoLease();
    expect((await resources()).size).toBe(0);
  });

  it('is found as it is by reconciliation, and put back when it was lost', async () => {
    await approve();
    await manager.publish(meteredEvent(40, 1));
    await untilLease({ used: 40, lease: 60 });
    await addDataPlanes('online', 'online');
    await listPortal();
    expect(await rebuild()).toMatchObject({ 'access-state': { checked: 3, drift: 0 } });
    await manager.database.query(
      `update gateway.access_resources set value = null, content_hash = null where kind = 'quota_lease' and id = $1`,
      [ids.subscriptionId],
    );
    expect(await rebuild()).toMatchObject({ 'access-state': { checked: 3, drift: 2 } });
    expect((await resources()).get('quota_lease')).toMatchObject({ used: 40, lease: 60 });
    expect(await rebuild()).toMatchObject({ 'access-state': { checked: 3, drift: 0 } });
    await manager.database.query('delete from gateway.data_planes where pool_id = $1', [group.poolId]);
  });
});

describe('rebuilding what was metered', () => {
  beforeEach(async () => {
    await approve();
    await listPortal();
  });

  const metered = (used: number, version: number) =>
    quotaMetered.schema.parse(meteredEvent(used, version).envelope.data);
  /** What analytics told last, an hour ago unless said otherwise. */
  const list = (used: number, version: number, toldAt = new Date(Date.now() - 3_600_000)) =>
    manager.analytics.answers.set('/internal/v1/quotas', {
      items: [{ ...metered(used, version), version, toldAt: toldAt.toISOString() }],
      nextCursor: null,
    });

  it('reports what was lost or damaged, writes the lease anew, and then finds nothing more to do', async () => {
    list(40, 3);
    expect(await rebuild()).toMatchObject({ 'quota-meters': { checked: 1, drift: 1 } });
    expect((await resources()).get('quota_lease')).toMatchObject({ used: 40, lease: 60 });
    expect(await rebuild()).toMatchObject({ 'quota-meters': { checked: 1, drift: 0 } });
    await manager.database.query(`update gateway.quota_meters set used = 99 where subscription_id = $1`, [
      ids.subscriptionId,
    ]);
    expect(await rebuild()).toMatchObject({ 'quota-meters': { checked: 1, drift: 1 } });
    expect((await resources()).get('quota_lease')).toMatchObject({ used: 40, lease: 60 });
    expect(await rebuild()).toMatchObject({ 'quota-meters': { checked: 1, drift: 0 } });
  });

  it('leaves what was told just now to its event, and what is older than its event alone', async () => {
    await putMetered(40, 3);
    list(50, 4, new Date());
    expect(await rebuild()).toMatchObject({ 'quota-meters': { checked: 1, drift: 0 } });
    list(10, 2);
    expect(await rebuild()).toMatchObject({ 'quota-meters': { checked: 1, drift: 0 } });
    expect((await resources()).get('quota_lease')).toMatchObject({ used: 40 });
  });
});
