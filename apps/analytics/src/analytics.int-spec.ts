import type { UsageRow } from '@tollgate/contracts/dataplane';
import { priceSet, usageBatchAccepted } from '@tollgate/contracts/events';
import type { BillingPreview, CallReport, Price } from '@tollgate/contracts/rest/analytics';
import { eventually, redisDatabase } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { portalEvents, sampleTenant } from './testing/portal-samples.ts';
import { startAnalytics, type RunningAnalytics } from './testing/start-analytics.ts';
import { batchesOf, sampleMinute, usageRow } from './testing/usage-samples.ts';

const usageEvents = (rows: readonly UsageRow[][]) =>
  batchesOf(rows).map(({ acceptedAt: _acceptedAt, ...data }) =>
    usageBatchAccepted.create({ subject: data.instanceId, data }),
  );

const reportPath = (query: Record<string, string>) =>
  `/api/v1/reports/calls?${new URLSearchParams({
    from: new Date((sampleMinute - 3_600) * 1000).toISOString(),
    to: new Date((sampleMinute + 3_600) * 1000).toISOString(),
    ...query,
  }).toString()}`;
const period = new Date(sampleMinute * 1000).toISOString().slice(0, 7);

const kafkaBrokers = inject('kafkaBrokers');
const buses = [
  { bus: 'Redis Streams', servers: { redisUrl: redisDatabase(inject('redisUrl'), 5) } },
  ...(kafkaBrokers === ''
    ? []
    : [{ bus: 'Kafka', servers: { redisUrl: redisDatabase(inject('redisUrl'), 6), kafkaBrokers } }]),
];

describe.each(buses)('calls that come over $bus', ({ servers }) => {
  let analytics: RunningAnalytics;
  beforeAll(async () => {
    analytics = await startAnalytics({ databaseUrl: inject('databaseUrl'), ...servers });
  });
  afterAll(() => analytics.close());

  async function read<T>(path: string, tenantId: string): Promise<T> {
    const response = await analytics.request(path, { tenantId });
    expect(response.status).toBe(200);
    return (await response.json()) as T;
  }

  it('are reported exactly by route, subscription and status, with names, and billed at the price in force', async () => {
    const tenant = sampleTenant();
    const { tenantId, groupId, subscriptionId, planVersionId } = tenant;
    const price = await analytics.request('/api/v1/prices', {
      tenantId,
      body: {
        planVersionId,
        unitPrice: '0.0125',
        currency: 'EUR',
        effectiveFrom: new Date((sampleMinute - 86_400) * 1000).toISOString(),
      },
    });
    expect(price.status).toBe(201);
    const { id: priceId, createdAt, effectiveFrom } = (await price.json()) as Price;
    const terms = { model: 'per-call', unitPrice: '0.0125', perCalls: 1, includedCalls: 0 };
    const announced = { priceId, planVersionId, currency: 'EUR', terms, effectiveFrom, createdAt };
    const snapshot = await analytics.asPortal('/internal/v1/prices', tenantId);
    expect(await snapshot.json()).toEqual({ items: [announced], nextCursor: null });
    await eventually(
      async () => {
        const events = await analytics.published(priceSet);
        expect(events.filter(({ tenantid }) => tenantid === tenantId).map(({ data }) => data)).toEqual([announced]);
      },
      { withinMs: 10_000 },
    );

    const row = { tenantId, groupId, consumer: subscriptionId };
    const events = usageEvents([
      [usageRow({ ...row, calls: 7 }), usageRow({ ...row, status: 429, calls: 2, billable: 0 })],
      [usageRow({ ...row, routeId: 'route-2', calls: 4, minute: sampleMinute + 60 })],
      [usageRow({ tenantId, groupId, status: 401, calls: 5, billable: 0 })],
    ]);
    await analytics.publish(...portalEvents(tenant), ...events, ...events.toReversed());

    const subscription = {
      applicationId: tenant.applicationId,
      applicationName: 'Forecasts',
      productName: 'Weather',
      planName: 'Gold',
    };
    const report = await eventually(
      async () => {
        const found = await read<CallReport>(reportPath({ groupBy: 'route,subscription,status' }), tenantId);
        expect(found.total.calls).toBe(18);
        // Names of applications, products and plans come by events of their own, in any order.
        expect(found.rows.at(-1)?.subscription).toEqual(subscription);
        return found;
      },
      { withinMs: 20_000 },
    );
    expect(report.total).toMatchObject({ calls: 18, billable: 11 });
    expect(report.rows.map(({ routeId, consumer, status, calls }) => [routeId, consumer, status, calls])).toEqual([
      ['route-1', null, 401, 5],
      ['route-1', subscriptionId, 200, 7],
      ['route-1', subscriptionId, 429, 2],
      ['route-2', subscriptionId, 200, 4],
    ]);
    expect(report.rows[1]?.subscription).toEqual(subscription);

    const preview = await read<BillingPreview>(`/api/v1/billing/preview?period=${period}`, tenantId);
    expect(preview).toMatchObject({
      billableCalls: 11,
      unpriced: [],
      lines: [{ consumer: subscriptionId, planVersionId, billableCalls: 11, currency: 'EUR', amountMinor: 14 }],
      totals: [{ currency: 'EUR', amountMinor: 14 }],
    });
  });

  it('are nothing to another tenant', async () => {
    const [mine, other] = [sampleTenant(), sampleTenant()];
    await analytics.publish(...usageEvents([[usageRow({ ...mine, calls: 3 })]]));
    await eventually(async () => expect((await read<CallReport>(reportPath({}), mine.tenantId)).total.calls).toBe(3), {
      withinMs: 20_000,
    });
    const seen = await read<CallReport>(reportPath({ groupId: mine.groupId, groupBy: 'route' }), other.tenantId);
    expect(seen).toMatchObject({ rows: [], total: { calls: 0, latency: null } });
  });
});
