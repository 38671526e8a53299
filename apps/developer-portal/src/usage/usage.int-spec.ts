import type { Problem } from '@tollgate/contracts/errors';
import type { Usage } from '@tollgate/contracts/rest/analytics';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { PortalTenant, type SuiteDeveloper } from '../testing/portal-tenant.ts';
import { type RunningPortal, startPortal } from '../testing/start-portal.ts';

const range = { from: '2026-06-01T00:00:00.000Z', to: '2026-06-02T00:00:00.000Z' };
const query = `?${new URLSearchParams(range).toString()}`;
const figures = { calls: 3, errors4xx: 1, errors5xx: 0, latency: { meanMs: 1, p50Ms: 1, p95Ms: 2, p99Ms: 2 } };
const usage: Usage = { ...range, interval: 'day', points: [{ time: range.from, ...figures }], total: figures };

let portal: RunningPortal;
let tenant: PortalTenant;
let developer: SuiteDeveloper;
let paths: { id: string; path: string; name: string }[];

beforeAll(async () => {
  portal = await startPortal({ databaseUrl: inject('databaseUrl'), redisUrl: inject('redisUrl'), redisDatabase: 4 });
  tenant = await PortalTenant.create(portal);
  developer = await tenant.developer();
  const { plan } = await tenant.onSale();
  const { application, subscription } = await tenant.subscribed(developer, plan.id);
  paths = [
    { id: subscription.id, name: 'subscriptionId', path: `/subscriptions/${subscription.id}/usage` },
    { id: application.id, name: 'applicationId', path: `/applications/${application.id}/usage` },
  ];
});
afterAll(() => portal.close());

describe('the usage of a subscription and of an application', () => {
  it('is what analytics counted for it in the tenant', async () => {
    portal.analytics.setUsage(usage);
    for (const { id, name, path } of paths) {
      expect(await developer.request(path + query)).toMatchObject({ status: 200, body: usage });
      const asked = { tenantId: tenant.tenantId, query: { ...range, interval: 'day', [name]: id } };
      expect(portal.analytics.asked.at(-1)).toEqual(asked);
    }
  });

  it('is told to nobody else, and nobody is asked for it', async () => {
    portal.analytics.setUsage(usage);
    const before = portal.analytics.asked.length;
    const neighbour = await tenant.developer();
    for (const { path } of paths) {
      expect((await neighbour.request(path + query)).status).toBe(404);
      expect((await tenant.visit(path + query)).status).toBe(401);
    }
    expect(portal.analytics.asked).toHaveLength(before);
  });

  it('is 503 with a sentence while analytics is away, never zeros', async () => {
    portal.analytics.setUsage(null);
    for (const { path } of paths) {
      const { status, body } = await developer.request<Problem>(path + query);
      expect([status, body.code]).toEqual([503, 'internal.unavailable']);
      expect(body.detail).toMatch(/cannot be read at present/);
    }
  });

  it.each(['', '?from=yesterday&to=today', `${query}&interval=minute`])('is refused for %j', async (wrong) => {
    expect((await developer.request(`${paths[0]?.path}${wrong}`)).status).toBe(400);
  });
});
