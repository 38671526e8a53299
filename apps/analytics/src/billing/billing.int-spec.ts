import { newId } from '@tollgate/contracts';
import type { Problem } from '@tollgate/contracts/errors';
import { subscriptionApproved, tenantUpdated } from '@tollgate/contracts/events';
import type { BillingPreview, Price } from '@tollgate/contracts/rest/analytics';
import { checkCatalogue } from '@tollgate/persistence';
import { eventually, redisDatabase } from '@tollgate/testing';
import { DateTime } from 'luxon';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { analyticsSchema } from '../analytics.schema.ts';
import { portalEvents, sampleTenant, type SampleTenant } from '../testing/portal-samples.ts';
import { startAnalytics, type RunningAnalytics } from '../testing/start-analytics.ts';
import { usageRow } from '../testing/usage-samples.ts';

/** The month before the present one: complete, and within every retention. */
const month = DateTime.utc().startOf('month').minus({ months: 1 });
const period = month.toFormat('yyyy-MM');
const day = (number: number) => month.plus({ days: number - 1 }).toJSDate();

let analytics: RunningAnalytics;
let tenant: SampleTenant;

beforeAll(async () => {
  analytics = await startAnalytics({
    databaseUrl: inject('databaseUrl'),
    redisUrl: redisDatabase(inject('redisUrl'), 11),
  });
});
afterAll(() => analytics.close());
beforeEach(() => {
  tenant = sampleTenant();
});

const setPrice = (body: object) =>
  analytics.request('/api/v1/prices', {
    tenantId: tenant.tenantId,
    body: { planVersionId: tenant.planVersionId, currency: 'EUR', unitPrice: '0.01', effectiveFrom: day(1), ...body },
  });
const use = (at: Date, billable: number, consumer: string | null = tenant.subscriptionId) =>
  analytics.count([
    usageRow({
      tenantId: tenant.tenantId,
      groupId: tenant.groupId,
      minute: at.getTime() / 1000,
      calls: billable,
      consumer,
    }),
  ]);
const preview = async (month = period) => {
  const response = await analytics.request(`/api/v1/billing/preview?period=${month}`, { tenantId: tenant.tenantId });
  expect(response.status).toBe(200);
  return (await response.json()) as BillingPreview;
};
const shortLines = ({ lines }: BillingPreview) =>
  lines.map(({ billableCalls, amountMinor, price }) => [billableCalls, price.unitPrice, amountMinor]);

/** Tells the service of the tenant's subscription and waits until it knows. */
async function subscribe(zone = 'UTC'): Promise<void> {
  const events = portalEvents(tenant, zone);
  await analytics.publish(...events);
  await eventually(
    async () => {
      const { tenantId } = tenant;
      const [known] = await analytics.database.query<object>(
        `select 1 from analytics.subscription_plans p, analytics.billing_zones z where p.tenant_id = $1 and z.tenant_id = $1`,
        [tenantId],
      );
      expect(known).toBeDefined();
    },
    { withinMs: 10_000 },
  );
}

/** Tells that the tenant's months are of another zone since this version of the tenant. */
async function publishZone(billingTimeZone: string, aggregateVersion: number) {
  const { tenantId } = tenant;
  const data = { tenantId, slug: 'acme', name: 'Acme', billingTimeZone };
  const updated = tenantUpdated.create({ subject: tenantId, tenantId, aggregateVersion, data });
  await analytics.publish(updated);
  return updated;
}

/** A second price as it would be once its time has come; the endpoint lets none begin in the past. */
const insertPrice = (effectiveFrom: Date, unitPrice: string) =>
  analytics.database.query(
    `insert into analytics.prices (id, tenant_id, plan_version_id, currency, terms, effective_from, created_at)
     values ($1, $2, $3, 'EUR', $4, $5, now())`,
    [
      newId('prc'),
      tenant.tenantId,
      tenant.planVersionId,
      JSON.stringify({ model: 'per-call', unitPrice, perCalls: 1, includedCalls: 0 }),
      effectiveFrom,
    ],
  );

describe('a billing preview', () => {
  it('prices each minute by what was in force then, a line per price', async () => {
    await subscribe();
    expect((await setPrice({})).status).toBe(201);
    await insertPrice(day(10), '0.02');
    await use(day(9), 100);
    await use(new Date(day(10).getTime() - 60_000), 1);
    await use(day(10), 1_000);
    const found = await preview();
    expect(shortLines(found)).toEqual([
      [101, '0.01', 101],
      [1_000, '0.02', 2_000],
    ]);
    expect(found).toMatchObject({
      totals: [{ currency: 'EUR', amountMinor: 2_101 }],
      billableCalls: 1_101,
      unpriced: [],
    });
  });

  it('lists what has no price instead of leaving it out', async () => {
    await subscribe();
    await setPrice({ effectiveFrom: day(10) });
    await use(day(9), 3);
    await use(day(11), 5);
    await use(day(11), 7, null);
    await use(day(11), 11, 'admin-made');
    const found = await preview();
    expect(shortLines(found)).toEqual([[5, '0.01', 5]]);
    expect(
      found.unpriced.map(({ consumer, planVersionId, billableCalls, reason }) => [
        consumer,
        planVersionId,
        billableCalls,
        reason,
      ]),
    ).toEqual([
      [null, null, 7, 'not-sold'],
      ['admin-made', null, 11, 'not-sold'],
      [tenant.subscriptionId, tenant.planVersionId, 3, 'no-price'],
    ]);
    expect(found.billableCalls).toBe(26);
  });

  it('prices by the plan version that the subscription had at the time', async () => {
    await subscribe();
    await setPrice({});
    const { tenantId, subscriptionId, applicationId, productId, groupId } = tenant;
    const nextPlan = newId('plv');
    await setPrice({ planVersionId: nextPlan, unitPrice: '0.5' });
    const moved = subscriptionApproved.create({
      subject: subscriptionId,
      tenantId,
      aggregateVersion: 3,
      data: {
        subscriptionId,
        applicationId,
        applicationName: 'Forecasts',
        developerId: newId('dev'),
        productId,
        planVersionId: nextPlan,
        groupIds: [groupId],
      },
    });
    moved.envelope.time = day(15).toISOString();
    await analytics.database.query('update analytics.subscription_plans set effective_from = $2 where tenant_id = $1', [
      tenantId,
      day(1),
    ]);
    await analytics.publish(moved);
    await use(day(14), 10);
    await use(day(15), 20);
    await eventually(
      async () =>
        expect(shortLines(await preview())).toEqual([
          [10, '0.01', 10],
          [20, '0.5', 1_000],
        ]),
      { withinMs: 10_000 },
    );
  });

  it('counts included calls over the whole month', async () => {
    await subscribe();
    await setPrice({ includedCalls: 50 });
    await use(day(2), 30);
    await use(day(3), 30);
    expect(shortLines(await preview())).toEqual([[60, '0.01', 10]]);
  });

  it('cuts months at midnight of the tenant’s billing zone', async () => {
    await subscribe('Asia/Tokyo');
    await setPrice({ effectiveFrom: month.minus({ days: 2 }).toISO() });
    const midnightInTokyo = month.minus({ hours: 9 }).toJSDate();
    await use(new Date(midnightInTokyo.getTime() - 60_000), 1);
    await use(midnightInTokyo, 2);
    const found = await preview();
    expect(found).toMatchObject({ timeZone: 'Asia/Tokyo', from: midnightInTokyo.toISOString(), billableCalls: 2 });
    expect((await preview(month.minus({ months: 1 }).toFormat('yyyy-MM'))).billableCalls).toBe(1);
  });

  it('follows a change of the tenant’s billing zone, and no older one that arrives late', async () => {
    await subscribe('Asia/Tokyo');
    await publishZone('Europe/Berlin', 3);
    await eventually(async () => expect((await preview()).timeZone).toBe('Europe/Berlin'), { withinMs: 10_000 });
    const overtaken = await publishZone('America/New_York', 2);
    await eventually(
      async () =>
        expect(
          await analytics.database.query('select 1 from analytics.inbox where event_id = $1', [overtaken.envelope.id]),
        ).toHaveLength(1),
      { withinMs: 10_000 },
    );
    expect(await preview()).toMatchObject({
      timeZone: 'Europe/Berlin',
      from: month.setZone('Europe/Berlin', { keepLocalTime: true }).toUTC().toISO(),
    });
  });

  it('knows currencies without and with many minor units', async () => {
    await subscribe();
    await setPrice({ currency: 'JPY', unitPrice: '2.5' });
    await use(day(2), 3);
    expect((await preview()).totals).toEqual([{ currency: 'JPY', amountMinor: 8 }]);
  });

  it('refuses what is no month, and months whose calls are not kept any more', async () => {
    for (const month of ['2026-13', '2026', 'now', '2001-01']) {
      const response = await analytics.request(`/api/v1/billing/preview?period=${month}`, {
        tenantId: tenant.tenantId,
      });
      const problem = (await response.json()) as Problem;
      expect([response.status, problem.errors?.[0]?.pointer]).toEqual([400, '/query/period']);
    }
  });

  it('is not for viewers', async () => {
    const request = { tenantId: tenant.tenantId, role: 'viewer' } as const;
    expect((await analytics.request(`/api/v1/billing/preview?period=${period}`, request)).status).toBe(403);
  });
});

describe('a price', () => {
  const refusal = async (response: Promise<Response>) => {
    const answered = await response;
    const { code, errors } = (await answered.json()) as Problem;
    return [answered.status, code, ...(errors ?? []).map(({ pointer }) => pointer)];
  };

  it('is read as it was set, and listed by plan version', async () => {
    const { tenantId, planVersionId } = tenant;
    const set = (await (await setPrice({ unitPrice: '0.000000000001' })).json()) as Price;
    const read = await analytics.request(`/api/v1/prices/${set.id}`, { tenantId });
    expect(await read.json()).toEqual(set);
    const list = await analytics.request(`/api/v1/prices?planVersionId=${planVersionId}`, { tenantId });
    expect(await list.json()).toEqual({ items: [set], nextCursor: null });
    const stranger = { tenantId: newId('tnt') };
    expect((await analytics.request(`/api/v1/prices/${set.id}`, stranger)).status).toBe(404);
  });

  it('may reach back only where there was none before', async () => {
    expect((await setPrice({})).status).toBe(201);
    expect(await refusal(setPrice({}))).toEqual([422, 'price.in_past']);
    const soon = new Date(Math.ceil(Date.now() / 60_000) * 60_000 + 3_600_000);
    expect((await setPrice({ effectiveFrom: soon })).status).toBe(201);
    expect(await refusal(setPrice({ effectiveFrom: soon }))).toEqual([409, 'price.time_taken']);
  });

  it.each([
    ['an unknown currency', { currency: 'EUX' }, '/currency'],
    ['a price with too many digits', { unitPrice: '0.0000000000001' }, '/unitPrice'],
    ['a negative price', { unitPrice: '-1' }, '/unitPrice'],
    ['a number instead of a decimal', { unitPrice: 0.1 }, '/unitPrice'],
    ['a part of a minute', { effectiveFrom: '2026-01-01T00:00:30Z' }, '/effectiveFrom'],
    ['tiers without the model', { tiers: [{ upToCalls: null, unitPrice: '1' }] }, '/tiers'],
    ['the model without tiers', { model: 'tiered', unitPrice: undefined }, '/tiers'],
    [
      'tiers that do not ascend',
      {
        model: 'tiered',
        unitPrice: undefined,
        tiers: [
          { upToCalls: 9, unitPrice: '1' },
          { upToCalls: 9, unitPrice: '1' },
          { upToCalls: null, unitPrice: '1' },
        ],
      },
      '/tiers',
    ],
  ])('is refused with %s', async (_what, body, pointer) => {
    expect(await refusal(setPrice(body))).toEqual([400, 'request.invalid', pointer]);
  });

  it('takes tiers', async () => {
    await subscribe();
    const tiers = [
      { upToCalls: 10, unitPrice: '1' },
      { upToCalls: null, unitPrice: '0.1' },
    ];
    expect((await setPrice({ model: 'tiered', unitPrice: undefined, tiers })).status).toBe(201);
    await use(day(2), 15);
    expect((await preview()).totals).toEqual([{ currency: 'EUR', amountMinor: 1_050 }]);
  });
});

describe('the database', () => {
  it('keeps every tenant apart', async () => {
    expect(await checkCatalogue(analytics.database.adminUrl, [analyticsSchema])).toEqual([]);
  });
});
