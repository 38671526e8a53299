import { createHash } from 'node:crypto';
import type { UsageRow } from '@tollgate/contracts/dataplane';
import type { GatewayResource } from '@tollgate/contracts/gateway';
import { resource, send, type TestEngine } from '@tollgate/engine/testing';
import { eventually } from '@tollgate/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { startGateway } from './testing.ts';

let gateway: TestEngine;
afterEach(() => gateway.stop());

const limit = { count: 2, time_window: 60, key: 'consumer_name', rejected_code: 429 };
const subscription = (id: string, plan: string, key: string): GatewayResource[] => [
  resource('consumer', id, { username: id, group_id: plan, labels: { application: 'app_1' } }),
  resource('credential', `${id}/credentials/crd_${id}`, {
    plugins: { 'key-auth': { key_sha256: createHash('sha256').update(key).digest('hex') } },
  }),
];
const product = (id: string, routeIds: string[], consumerGroupIds: string[], keyless = false) =>
  resource('product_binding', id, { productId: id, routeIds, consumerGroupIds, keyless });
const suspension = (reason: string, subject: Record<string, unknown> = { type: 'consumer', consumerId: 'sub_a' }) =>
  resource('suspension', 's1', { subject, reason });

const access = [
  resource('consumer_group', 'plv_a', { plugins: { 'limit-count': limit } }),
  resource('consumer_group', 'plv_b', { plugins: {} }),
  ...subscription('sub_a', 'plv_a', 'key-a'),
  ...subscription('sub_a2', 'plv_a', 'key-a2'),
  ...subscription('sub_b', 'plv_b', 'key-b'),
  product('prd_a', ['r1'], ['plv_a']),
  product('prd_b', ['r2'], ['plv_b']),
];

async function start(plugins: Record<string, unknown> = { 'key-auth': {} }): Promise<void> {
  gateway = await startGateway({ plugins, access });
}

async function call(apikey?: string) {
  const answer = await send(gateway.port, '/', { headers: apikey === undefined ? {} : { apikey } });
  return [answer.status, answer.status === 200 ? 'ok' : (answer.json() as { code: string }).code];
}

describe('a call to a product', () => {
  it('is 401 without a key or with an unknown one, 403 with another product’s, 200 with its own, 429 past the plan', async () => {
    await start();
    expect(await call()).toEqual([401, 'gateway.credential_missing']);
    expect(await call('nonsense')).toEqual([401, 'gateway.credential_unknown']);
    expect(await call('key-b')).toEqual([403, 'gateway.product_not_subscribed']);
    expect(await call('key-a')).toEqual([200, 'ok']);
    expect(await call('key-a')).toEqual([200, 'ok']);
    expect(await call('key-a')).toEqual([429, 'gateway.rate_limited']);
  });

  it('is limited for each subscription of a plan by itself', async () => {
    await start();
    for (const key of ['key-a', 'key-a2']) {
      expect([await call(key), await call(key), await call(key)].map(([status]) => status)).toEqual([200, 200, 429]);
    }
  });

  it.each([
    ['pending', 403, 'gateway.subscription_pending'],
    ['suspended', 403, 'gateway.subscription_suspended'],
    ['expired', 403, 'gateway.subscription_expired'],
    ['spending-stop', 403, 'gateway.spending_stop'],
    ['quota', 429, 'gateway.quota_exhausted'],
  ])('is refused while its subscription is %s, and passes again afterwards', async (reason, status, code) => {
    await start();
    gateway.apply('access', [suspension(reason)]);
    expect(await call('key-a')).toEqual([status, code]);
    expect(await call('key-a2')).toEqual([200, 'ok']);
    gateway.apply('access', [], [suspension(reason)]);
    expect(await call('key-a')).toEqual([200, 'ok']);
  });

  it('is refused while the tenant is suspended, key or not', async () => {
    await start();
    gateway.apply('access', [suspension('tenant', { type: 'group' })]);
    expect(await call('key-a')).toEqual([403, 'gateway.tenant_suspended']);
    expect(await call()).toEqual([403, 'gateway.tenant_suspended']);
  });

  it('needs a caller even where the route asks for no key, unless the product is keyless', async () => {
    await start({});
    expect(await call()).toEqual([401, 'gateway.credential_required']);
    gateway.apply('access', [product('prd_a', ['r1'], ['plv_a'], true)]);
    expect(await call()).toEqual([200, 'ok']);
  });

  it('is refused when its plan is not there', async () => {
    await start();
    gateway.apply('access', [], [resource('consumer_group', 'plv_a', {})]);
    expect(await call('key-a')).toEqual([403, 'gateway.plan_missing']);
  });

  it('follows a plan change without losing the rest', async () => {
    await start();
    const plugins = { 'limit-count': { ...limit, count: 1 } };
    gateway.apply('access', [resource('consumer_group', 'plv_a', { plugins })]);
    expect([await call('key-a'), await call('key-a')].map(([status]) => status)).toEqual([200, 429]);
  });

  it('is open to anyone with a key while no product names its route', async () => {
    await start();
    gateway.apply('access', [], [product('prd_a', [], [])]);
    expect(await call('key-b')).toEqual([200, 'ok']);
  });

  it('is counted for its subscription and billed only when it was forwarded', async () => {
    await start();
    for (const key of ['key-a', 'key-a', 'key-a', 'key-b', undefined]) await call(key);
    const rows: UsageRow[] = [];
    await eventually(
      () => {
        rows.push(...gateway.engine.drainLedger());
        expect(rows.reduce((total, { calls }) => total + calls, 0)).toBe(5);
      },
      { withinMs: 3000 },
    );
    const seen = rows.map(({ consumer, routeId, status, calls, billable }) => [
      consumer,
      routeId,
      status,
      calls,
      billable,
    ]);
    expect(seen).toHaveLength(4);
    expect(seen).toEqual(
      expect.arrayContaining([
        ['sub_a', 'r1', 200, 2, 2],
        ['sub_a', 'r1', 429, 1, 0],
        ['sub_b', 'r1', 403, 1, 0],
        [null, 'r1', 401, 1, 0],
      ]),
    );
  });
});
