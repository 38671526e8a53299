import { createHash, randomBytes } from 'node:crypto';
import { ServiceClient, ServiceTokens } from '@tollgate/auth';
import { newId } from '@tollgate/contracts';
import {
  credentialIssued,
  credentialRevoked,
  planVersionPublished,
  productDeleted,
  productPublished,
  productUnpublished,
  subscriptionApproved,
  subscriptionCancelled,
  subscriptionRequested,
  subscriptionSuspended,
  tenantResumed,
  tenantSuspended,
  type TopicEvent,
} from '@tollgate/contracts/events';
import { contentHash, GroupHash, parseResource } from '@tollgate/contracts/gateway';
import { type GatewayGroup, rebuildGatewayManagerProjections } from '@tollgate/contracts/rest/gateway';
import { Database } from '@tollgate/persistence';
import { testMasterKey } from '@tollgate/persistence/testing';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { PortalProjection } from './portal-projection.ts';
import { CONFIG_FEED, type ConfigFeed, type FeedNotice } from '../link/config-feed.ts';
import {
  type RunningGatewayManager,
  type SampleTenant,
  startGatewayManager,
} from '../testing/start-gateway-manager.ts';

let manager: RunningGatewayManager;
let feed: ConfigFeed;
let tenant: SampleTenant;
let group: GatewayGroup;
let ids: ReturnType<typeof sampleIds>;

beforeAll(async () => {
  manager = await startGatewayManager(inject('databaseUrl'));
  feed = manager.service.app.get<ConfigFeed>(CONFIG_FEED, { strict: false });
});
afterAll(() => manager.close());
beforeEach(async () => {
  tenant = await manager.addTenant();
  group = await manager.addGroup(tenant);
  ids = sampleIds();
});

function sampleIds() {
  return {
    productId: newId('prd'),
    planId: newId('pln'),
    planVersionId: newId('plv'),
    subscriptionId: newId('sub'),
    credentialId: newId('crd'),
    keySha256: createHash('sha256').update(randomBytes(16)).digest('hex'),
  };
}

const base = () => ({ tenantId: tenant.tenantId });

function productEvent(version = 1, groupIds = [group.id]): TopicEvent {
  const { productId, planVersionId } = ids;
  const bindings = groupIds.map((groupId) => ({ groupId, routeIds: ['one'] }));
  const data = { productId, name: 'Weather', bindings, planVersionIds: [planVersionId], keyless: false };
  return productPublished.create({ ...base(), subject: productId, aggregateVersion: version, data });
}

function planEvent(): TopicEvent {
  const { planId, planVersionId, productId } = ids;
  const limit = { calls: 5, windowSeconds: 60 };
  const data = { planId, planVersionId, productId, version: 1, name: 'Gold', limit, quota: null };
  return planVersionPublished.create({ ...base(), subject: planId, aggregateVersion: 1, data });
}

const states = {
  requested: subscriptionRequested,
  approved: subscriptionApproved,
  suspended: subscriptionSuspended,
  cancelled: subscriptionCancelled,
};

function subscriptionEvent(state: keyof typeof states, version: number): TopicEvent {
  const { subscriptionId, productId, planVersionId } = ids;
  const application = { applicationId: newId('app'), applicationName: 'Forecasts', developerId: newId('dev') };
  const data = { subscriptionId, ...application, productId, planVersionId, groupIds: [group.id] };
  return states[state].create({ ...base(), subject: subscriptionId, aggregateVersion: version, data });
}

function issuedEvent(): TopicEvent {
  const { credentialId, subscriptionId, keySha256 } = ids;
  const data = { credentialId, subscriptionId, groupIds: [group.id], keySha256, expiresAt: '2030-01-02T03:04:05.000Z' };
  return credentialIssued.create({ ...base(), subject: credentialId, partitionKey: subscriptionId, data });
}

function revokedEvent(): TopicEvent {
  const { credentialId, subscriptionId } = ids;
  const data = { credentialId, subscriptionId, groupIds: [group.id] };
  return credentialRevoked.create({ ...base(), subject: credentialId, partitionKey: subscriptionId, data });
}

/** The access state by `<kind>/<id>`, after checking that data planes accept it and that the hash is the sum of its parts. */
async function accessState(groupId = group.id): Promise<Map<string, Record<string, unknown>>> {
  const { changes, hash } = await feed.access.snapshot(groupId);
  const sum = GroupHash.empty();
  const state = new Map<string, Record<string, unknown>>();
  for (const change of changes) {
    if (change.op === 'delete') throw new Error('a snapshot has no deletes');
    expect(parseResource(change)).toMatchObject({ ok: true });
    sum.add(change.kind, change.id, contentHash(change.value));
    state.set(`${change.kind}/${change.id}`, change.value);
  }
  expect(hash).toBe(sum.value);
  return state;
}

async function untilState(check: (state: Map<string, Record<string, unknown>>) => void): Promise<void> {
  await eventually(async () => check(await accessState()), { withinMs: 5000 });
}

const names = () => ({
  consumer: `consumer/${ids.subscriptionId}`,
  credential: `credential/${ids.subscriptionId}/credentials/${ids.credentialId}`,
  suspension: `suspension/${ids.subscriptionId}`,
  revocation: `revocation/${ids.credentialId}`,
  binding: `product_binding/${ids.productId}`,
  plan: `consumer_group/${ids.planVersionId}`,
});

async function subscribeAndApprove(): Promise<void> {
  await manager.publish(planEvent(), productEvent(), subscriptionEvent('approved', 1), issuedEvent());
  await untilState((state) => {
    expect([...state.keys()].sort()).toEqual(
      [names().plan, names().consumer, names().credential, names().binding].sort(),
    );
    expect(state.get(names().consumer)).toHaveProperty('group_id');
  });
}

describe('a deleted product', () => {
  it('stays bound to its routes, lets nobody pass, and is not brought back by older news', async () => {
    await manager.publish(planEvent(), productEvent());
    await untilState((state) => expect(state.get(names().binding)).toBeDefined());
    const data = { productId: ids.productId };
    await manager.publish(productDeleted.create({ ...base(), subject: ids.productId, aggregateVersion: 3, data }));
    await untilState((state) => {
      expect(state.get(names().binding)).toMatchObject({ routeIds: ['one'], consumerGroupIds: [], keyless: false });
    });
    await manager.publish(productEvent(2), subscriptionEvent('approved', 1));
    await untilState((state) => expect(state.has(names().consumer)).toBe(true));
    expect((await accessState()).get(names().binding)).toMatchObject({ consumerGroupIds: [] });
  });

  it('no longer keeps its gateway group from being deleted', async () => {
    await manager.publish(productEvent());
    await untilState((state) => expect(state.has(names().binding)).toBe(true));
    const path = `/api/v1/gateway-groups/${group.id}`;
    const remove = { tenantId: tenant.tenantId, method: 'DELETE', ifMatch: group.version } as const;
    expect((await manager.request(path, remove)).status).toBe(409);
    const data = { productId: ids.productId };
    await manager.publish(productDeleted.create({ ...base(), subject: ids.productId, aggregateVersion: 2, data }));
    await eventually(async () => expect((await manager.request(path, remove)).status).toBe(204), { withinMs: 5000 });
  });
});

describe('a subscription', () => {
  it('that is approved becomes a consumer of its plan’s group with its key, without a publish', async () => {
    await subscribeAndApprove();
    const state = await accessState();
    expect(state.get(names().plan)).toMatchObject({
      plugins: { 'limit-count': { count: 5, time_window: 60, key: 'consumer_name', rejected_code: 429 } },
    });
    expect(state.get(names().consumer)).toMatchObject({
      username: ids.subscriptionId,
      group_id: ids.planVersionId,
      labels: { managedBy: 'portal', subscription: ids.subscriptionId, product: ids.productId },
    });
    expect(state.get(names().credential)).toMatchObject({
      plugins: { 'key-auth': { key_sha256: ids.keySha256, expires_at: '2030-01-02T03:04:05.000Z' } },
    });
    expect(state.get(names().binding)).toMatchObject({ routeIds: ['one'], consumerGroupIds: [ids.planVersionId] });
    expect((await feed.snapshot(group.id)).to).toBe(1);
  });

  it('that waits or is suspended is refused until it is approved', async () => {
    await manager.publish(planEvent(), productEvent(), subscriptionEvent('requested', 1), issuedEvent());
    await untilState((state) => expect(state.get(names().suspension)).toMatchObject({ reason: 'pending' }));
    await manager.publish(subscriptionEvent('approved', 2));
    await untilState((state) => expect(state.has(names().suspension)).toBe(false));
    await manager.publish(subscriptionEvent('suspended', 3));
    await untilState((state) => expect(state.get(names().suspension)).toMatchObject({ reason: 'suspended' }));
  });

  it('that was cancelled is gone with its keys, and an older event does not bring it back', async () => {
    await subscribeAndApprove();
    await manager.publish(subscriptionEvent('cancelled', 3), subscriptionEvent('approved', 2), revokedEvent());
    await untilState((state) => expect(state.has(names().revocation)).toBe(true));
    const state = await accessState();
    expect(state.has(names().consumer)).toBe(false);
    expect(state.has(names().credential)).toBe(false);
  });

  it('and its plan change in turns, so that they never wait for each other in a circle', async () => {
    await subscribeAndApprove();
    const { productId, planVersionId } = ids;
    const application = { applicationId: newId('app'), applicationName: 'Forecasts', developerId: newId('dev') };
    const subscription = { id: ids.subscriptionId, ...application, productId, planVersionId, groupIds: [group.id] };
    const plan = {
      id: planVersionId,
      number: 1,
      planId: ids.planId,
      productId,
      name: 'Gold',
      limit: null,
      quota: null,
    };
    const projection = manager.service.app.get(PortalProjection, { strict: false });
    const database = manager.service.app.get(Database, { strict: false });
    const started = Promise.withResolvers<void>();
    const first = database.inTenant(tenant.tenantId, async (unit) => {
      await projection.putSubscription(unit, { ...subscription, state: 'suspended', version: 2 });
      started.resolve();
      await eventually(
        async () => {
          const waiting = await manager.database.query(
            `select 1 from pg_locks where locktype = 'advisory' and not granted`,
          );
          expect(waiting).toHaveLength(1);
        },
        { withinMs: 5000 },
      );
    });
    await started.promise;
    const second = database.inTenant(tenant.tenantId, (unit) => projection.putPlanVersion(unit, plan));
    await Promise.all([first, second]);
  });

  it('that arrives before its plan passes nowhere until the plan is known', async () => {
    await manager.publish(subscriptionEvent('approved', 1), issuedEvent());
    await untilState((state) => expect(state.get(names().credential)).toBeDefined());
    expect((await accessState()).get(names().consumer)).not.toHaveProperty('group_id');
    await manager.publish(planEvent());
    await untilState((state) => expect(state.get(names().consumer)).toMatchObject({ group_id: ids.planVersionId }));
  });
});

describe('a revoked key', () => {
  it('is refused by the very next position of the access state, heard of by push', async () => {
    await subscribeAndApprove();
    const { to } = await feed.access.snapshot(group.id);
    const heard: FeedNotice[] = [];
    const stop = feed.onChange((notice) => heard.push(notice));
    await manager.publish(revokedEvent());
    await eventually(() => expect(heard).toContainEqual({ kind: 'group', groupId: group.id, sequence: 'access' }), {
      withinMs: 1000,
    });
    stop();
    const delta = await feed.access.delta(group.id, to);
    expect(delta).toMatchObject({ from: to, to: to + 1 });
    expect(delta?.changes).toMatchObject([
      { op: 'put', kind: 'revocation', value: { subject: { type: 'key', keySha256: ids.keySha256 } } },
      { op: 'delete', kind: 'credential' },
    ]);
  });

  it('stays refused after a rollback of the whole group, which leaves the access state as it is', async () => {
    const path = `/api/v1/gateway-groups/${group.id}`;
    const value = { uri: '/one', upstream: { nodes: { 'a:1': 1 } } };
    await manager.request(`${path}/routes/one`, { ...base(), method: 'PUT', body: { value } });
    await manager.request(`${path}/publish`, { ...base(), body: { baseRevision: 1 } });
    await subscribeAndApprove();
    await manager.publish(revokedEvent());
    await untilState((state) => expect(state.has(names().revocation)).toBe(true));
    const before = await feed.access.snapshot(group.id);
    const rollback = await manager.request(`${path}/rollback`, { ...base(), body: { toRevision: 1 } });
    expect(rollback).toMatchObject({ status: 200, body: { revision: 3 } });
    expect(await feed.access.snapshot(group.id)).toEqual(before);
    expect((await accessState()).has(names().credential)).toBe(false);
  });

  it('stays refused when its issue arrives late', async () => {
    await manager.publish(planEvent(), subscriptionEvent('approved', 1), revokedEvent(), issuedEvent());
    await untilState((state) =>
      expect(state.get(names().revocation)).toMatchObject({ subject: { type: 'key', keySha256: ids.keySha256 } }),
    );
    expect((await accessState()).has(names().credential)).toBe(false);
  });
});

describe('a product', () => {
  it('that leaves a group is no longer bound there, and unpublishing keeps it bound', async () => {
    const second = await manager.addGroup(tenant, 'second');
    await manager.publish(planEvent(), productEvent(1, [group.id, second.id]));
    await untilState((state) => expect(state.has(names().binding)).toBe(true));
    const { productId } = ids;
    await manager.publish(
      productUnpublished.create({ ...base(), subject: productId, aggregateVersion: 2, data: { productId } }),
      productEvent(3, [second.id]),
    );
    await untilState((state) => expect(state.has(names().binding)).toBe(false));
    expect((await accessState(second.id)).has(names().binding)).toBe(true);
  });

  it('keeps its group from being deleted', async () => {
    await manager.publish(productEvent());
    await untilState((state) => expect(state.has(names().binding)).toBe(true));
    const path = `/api/v1/gateway-groups/${group.id}`;
    expect(await manager.request(path, { ...base(), method: 'DELETE', ifMatch: group.version })).toMatchObject({
      status: 409,
      body: { code: 'resource.in_use', errors: [{ pointer: `/api-products/${ids.productId}` }] },
    });
  });
});

describe('a suspended tenant', () => {
  it('has its groups refuse all calls until it is resumed', async () => {
    const { tenantId } = tenant;
    const event = { tenantId, subject: tenantId };
    await manager.publish(
      tenantSuspended.create({ ...event, aggregateVersion: 2, data: { tenantId, reason: 'unpaid' } }),
    );
    await untilState((state) =>
      expect(state.get('suspension/tenant')).toMatchObject({ subject: { type: 'group' }, reason: 'tenant' }),
    );
    await manager.publish(tenantResumed.create({ ...event, aggregateVersion: 3, data: { tenantId } }));
    await untilState((state) => expect(state.size).toBe(0));
  });
});

const empty = { items: [], nextCursor: null };

/** What a rebuild found in the access state of the tenant. */
async function reconcile() {
  const client = new ServiceClient(new ServiceTokens(testMasterKey, 'developer-portal'), {
    'gateway-manager': manager.service.url,
  });
  for (const path of ['tenants', 'environments']) manager.iam.answers.set(`/internal/v1/${path}`, empty);
  const { projections } = await client.call(rebuildGatewayManagerProjections, { tenantId: tenant.tenantId });
  const found = projections.find(({ projection }) => projection === 'access-state');
  return found && { checked: found.checked, drift: found.drift };
}

describe('reconciliation', () => {
  it('finds nothing to do after events, and puts right what was lost', async () => {
    const { tenantId } = tenant;
    const { productId, planId, planVersionId, subscriptionId, credentialId, keySha256 } = ids;
    const groupIds = [group.id];
    const bindings = [{ groupId: group.id, routeIds: ['one'] }];
    const subscription = {
      applicationId: newId('app'),
      applicationName: 'F',
      developerId: newId('dev'),
      productId,
      planVersionId,
    };
    const limit = { calls: 5, windowSeconds: 60 };
    const snapshots = {
      products: {
        productId,
        name: 'W',
        state: 'published',
        bindings,
        planVersionIds: [planVersionId],
        keyless: false,
        version: 1,
      },
      plans: { planId, planVersionId, productId, version: 1, name: 'Gold', limit, quota: null },
      subscriptions: { subscriptionId, ...subscription, groupIds, state: 'approved', planSince: null, version: 1 },
      credentials: { credentialId, subscriptionId, groupIds, keySha256, expiresAt: null, state: 'active', version: 1 },
    };
    const answer = (part: keyof typeof snapshots) =>
      manager.developerPortal.answers.set(`/internal/v1/portal/${part}`, {
        items: [snapshots[part]],
        nextCursor: null,
      });
    (Object.keys(snapshots) as (keyof typeof snapshots)[]).forEach(answer);
    expect(await reconcile()).toEqual({ checked: 5, drift: 4 });
    expect([...(await accessState()).keys()].sort()).toEqual(
      [names().plan, names().consumer, names().credential, names().binding].sort(),
    );
    expect(await reconcile()).toEqual({ checked: 5, drift: 0 });

    const damage = (sql: string) => manager.database.query(sql, [tenantId]);
    await damage(`update gateway.portal_products set bindings = '[]' where tenant_id = $1`);
    await damage(`update gateway.portal_plan_versions set name = 'Lead', call_limit = null where tenant_id = $1`);
    await damage(`update gateway.portal_subscriptions set state = 'suspended' where tenant_id = $1`);
    await damage('delete from gateway.portal_credentials where tenant_id = $1');
    await damage(`delete from gateway.access_resources where tenant_id = $1 and kind = 'consumer'`);
    const rows = (table: string, columns: string) =>
      damage(`select ${columns} from gateway.${table} where tenant_id = $1`);
    expect(await reconcile()).toEqual({ checked: 5, drift: 5 });
    expect(await rows('portal_products', 'bindings')).toEqual([{ bindings }]);
    expect(await rows('portal_plan_versions', 'name, call_limit')).toEqual([{ name: 'Gold', call_limit: limit }]);
    expect(await rows('portal_subscriptions', 'state')).toEqual([{ state: 'active' }]);
    expect(await rows('portal_credentials', 'key_sha256')).toEqual([{ key_sha256: keySha256 }]);
    expect([...(await accessState()).keys()].sort()).toEqual(
      [names().plan, names().consumer, names().credential, names().binding].sort(),
    );
    expect(await reconcile()).toEqual({ checked: 5, drift: 0 });

    await manager.publish(revokedEvent());
    await untilState((state) => expect(state.has(names().revocation)).toBe(true));
    expect(await reconcile()).toEqual({ checked: 5, drift: 0 });
    expect((await accessState()).has(names().credential)).toBe(false);
  });

  it('lets nobody pass by a product that the portal no longer has, and everybody by one that it still has', async () => {
    const { productId, planVersionId } = ids;
    const bindings = [{ groupId: group.id, routeIds: ['one'] }];
    const product = { productId, name: 'Weather', state: 'published', bindings, planVersionIds: [planVersionId] };
    const items = [{ ...product, keyless: false, version: 1 }];
    for (const part of ['products', 'plans', 'subscriptions', 'credentials']) {
      manager.developerPortal.answers.set(`/internal/v1/portal/${part}`, empty);
    }
    const answer = (page: object) => manager.developerPortal.answers.set('/internal/v1/portal/products', page);
    await manager.publish(planEvent(), productEvent());
    await untilState((state) => expect([...state.keys()].sort()).toEqual([names().plan, names().binding].sort()));
    const bound = await accessState();
    await manager.database.query('update gateway.portal_products set is_deleted = true where id = $1', [productId]);

    answer({ items, nextCursor: null });
    expect(await reconcile()).toEqual({ checked: 2, drift: 1 });
    expect(await accessState()).toEqual(bound);
    expect(await reconcile()).toEqual({ checked: 2, drift: 0 });

    answer(empty);
    expect(await reconcile()).toEqual({ checked: 2, drift: 1 });
    expect((await accessState()).get(names().binding)).toMatchObject({ routeIds: ['one'], consumerGroupIds: [] });
    expect(await reconcile()).toEqual({ checked: 1, drift: 0 });
  });

  it('ends a subscription that the portal no longer has, with its keys', async () => {
    await subscribeAndApprove();
    const { productId, planVersionId } = ids;
    const bindings = [{ groupId: group.id, routeIds: ['one'] }];
    const product = { productId, name: 'Weather', state: 'published', bindings, planVersionIds: [planVersionId] };
    for (const part of ['plans', 'subscriptions', 'credentials']) {
      manager.developerPortal.answers.set(`/internal/v1/portal/${part}`, empty);
    }
    const items = [{ ...product, keyless: false, version: 1 }];
    manager.developerPortal.answers.set('/internal/v1/portal/products', { items, nextCursor: null });
    expect(await reconcile()).toEqual({ checked: 3, drift: 1 });
    expect([...(await accessState()).keys()].sort()).toEqual([names().plan, names().binding].sort());
    expect(await reconcile()).toEqual({ checked: 2, drift: 0 });
  });
});
