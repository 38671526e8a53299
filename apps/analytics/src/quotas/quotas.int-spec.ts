import { ServiceClient, ServiceTokens } from '@tollgate/auth';
import { newId } from '@tollgate/contracts';
import type { UsageRow } from '@tollgate/contracts/dataplane';
import {
  planVersionPublished,
  type QuotaMetered,
  quotaMetered,
  type QuotaPeriod,
  subscriptionApproved,
  subscriptionCancelled,
  tenantUpdated,
} from '@tollgate/contracts/events';
import { listQuotaSnapshots } from '@tollgate/contracts/rest/analytics';
import { testMasterKey } from '@tollgate/persistence/testing';
import { eventually, redisDatabase } from '@tollgate/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { IngestionService } from '../ingestion/ingestion.service.ts';
import type { AcceptedBatch } from '../ingestion/plan-ingestion.ts';
import { portalEvents, type SampleTenant, sampleTenant } from '../testing/portal-samples.ts';
import { type RunningAnalytics, startAnalytics } from '../testing/start-analytics.ts';
import { batchesOf, sampleStream, usageRow } from '../testing/usage-samples.ts';
import { quotaSpan } from './quota-span.ts';
import { QuotaTeller } from './quota-teller.ts';

const thisMinute = () => Math.floor(Date.now() / 60_000) * 60;

let analytics: RunningAnalytics;
let tenant: SampleTenant;

beforeAll(async () => {
  analytics = await startAnalytics({
    databaseUrl: inject('databaseUrl'),
    redisUrl: redisDatabase(inject('redisUrl'), 4),
  });
});
afterAll(() => analytics.close());
beforeEach(() => {
  tenant = sampleTenant();
});

type Told = QuotaMetered & { version: number };

/** Everything that was told of the subscription so far, in order. */
async function told({ subscriptionId } = tenant): Promise<Told[]> {
  const events = await analytics.published(quotaMetered);
  return events
    .filter(({ subject }) => subject === subscriptionId)
    .map(({ aggregateversion = 0, data }) => ({ version: aggregateversion, ...data }));
}

async function untilTold(check: (last: Told) => void): Promise<Told> {
  return eventually(
    async () => {
      const last = (await told()).at(-1);
      if (last === undefined) throw new Error('nothing was told');
      check(last);
      return last;
    },
    { withinMs: 10_000 },
  );
}

async function sell(quota: { calls: number; period: QuotaPeriod }, zone = 'UTC'): Promise<Told> {
  await analytics.publish(...portalEvents(tenant, zone, quota));
  const span = quotaSpan(quota.period, zone, Date.now() / 1000);
  return untilTold((last) =>
    expect(last).toMatchObject({
      limit: quota.calls,
      periodStart: new Date(span.start * 1000).toISOString(),
      periodEnd: new Date(span.end * 1000).toISOString(),
    }),
  );
}

const ingest = (batches: readonly AcceptedBatch[]) => analytics.part(IngestionService).ingest(batches);
const call = (change: Partial<UsageRow> = {}) =>
  usageRow({ ...tenant, consumer: tenant.subscriptionId, minute: thisMinute(), ...change });
/** Accepted now, so that no minute lies ahead. */
const accepted = (rows: readonly UsageRow[][], stream = sampleStream()): AcceptedBatch[] =>
  batchesOf(rows, stream).map((batch) => ({ ...batch, acceptedAt: Math.floor(Date.now() / 1000) }));

describe('the quota of a subscription', () => {
  it('is told at once when it is approved, with nothing used', async () => {
    const { subscriptionId, planVersionId } = tenant;
    expect(await sell({ calls: 100, period: 'month' })).toMatchObject({
      subscriptionId,
      planVersionId,
      period: 'month',
      limit: 100,
      used: 0,
      watermarks: [],
    });
  });

  it('is used by billable calls, each batch once, and told with the watermarks that they are known up to', async () => {
    await sell({ calls: 100, period: 'month' });
    const [one, two] = [sampleStream(), sampleStream()];
    const first = accepted([[call({ calls: 3 }), call({ calls: 9, billable: 0, status: 429 })], [call()]], one);
    const second = accepted([[call({ calls: 5 })], [call({ consumer: null })]], two);
    await Promise.all([ingest([...first, ...second]), ingest([...second, ...first]), ingest(first)]);
    const { watermarks } = await untilTold((last) => expect(last.used).toBe(9));
    expect(watermarks.toSorted((a, b) => (a.instanceId < b.instanceId ? -1 : 1))).toEqual(
      [
        { ...one, sequence: 2 },
        { ...two, sequence: 2 },
      ].toSorted((a, b) => (a.instanceId < b.instanceId ? -1 : 1)),
    );
  });

  it('is told with a watermark below the first gap, and anew when the gap is filled by calls of others', async () => {
    await sell({ calls: 100, period: 'month' });
    const stream = sampleStream();
    const [first, second, third] = accepted([[call()], [call({ consumer: null })], [call()]], stream) as [
      AcceptedBatch,
      AcceptedBatch,
      AcceptedBatch,
    ];
    await ingest([first, third]);
    await untilTold((last) => expect(last).toMatchObject({ used: 2, watermarks: [{ ...stream, sequence: 1 }] }));
    await ingest([second]);
    await untilTold((last) => expect(last).toMatchObject({ used: 2, watermarks: [{ ...stream, sequence: 3 }] }));
  });

  it('is told twice a second at most under load, each time with a higher version', async () => {
    await sell({ calls: 100_000, period: 'month' });
    const before = (await told()).length;
    const startedAt = Date.now();
    const stream = sampleStream();
    const batches = accepted(
      Array.from({ length: 40 }, () => [call({ calls: 2 })]),
      stream,
    );
    for (const batch of batches) await ingest([batch]);
    await untilTold((last) => expect(last.used).toBe(80));
    const news = (await told()).slice(before);
    expect(news.length).toBeLessThanOrEqual(Math.ceil((Date.now() - startedAt) / 500) + 1);
    const versions = news.map(({ version }) => version);
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
    expect(news.map(({ used }) => used)).toEqual(news.map(({ used }) => used).toSorted((a, b) => a - b));
  });

  it('counts days and months of the billing zone: late calls of the last period use nothing of this one', async () => {
    const zone = 'Asia/Kathmandu';
    const { periodStart } = await sell({ calls: 10, period: 'day' }, zone);
    const start = Date.parse(periodStart) / 1000;
    await ingest(accepted([[call({ minute: start, calls: 2 }), call({ minute: start - 60, calls: 4 })]]));
    await untilTold((last) => expect(last).toMatchObject({ used: 2, periodStart }));
    const { tenantId, subscriptionId } = tenant;
    expect(
      await analytics.database.query(
        `select used::int as used, extract(epoch from period_end)::int - $3 as end from analytics.quota_meters
         where tenant_id = $1 and subscription_id = $2 order by period_end`,
        [tenantId, subscriptionId, start],
      ),
    ).toEqual([
      { used: 4, end: 0 },
      { used: 2, end: 86_400 },
    ]);
  });

  it('begins anew when the period is over, though no call is made', async () => {
    await sell({ calls: 10, period: 'day' });
    await ingest(accepted([[call({ calls: 7 })]]));
    await untilTold((last) => expect(last.used).toBe(7));
    const { tenantId, subscriptionId } = tenant;
    const yesterday = [tenantId, subscriptionId];
    await analytics.database.query('delete from analytics.billable_minutes where tenant_id = $1', [tenantId]);
    await analytics.database.query(
      `update analytics.quota_meters set period_start = period_start - interval '1 day', period_end = period_end - interval '1 day'
       where tenant_id = $1 and subscription_id = $2`,
      yesterday,
    );
    await analytics.database.query(
      'update analytics.quota_subscriptions set told_until = now() where tenant_id = $1 and subscription_id = $2',
      yesterday,
    );
    const before = (await told()).at(-1)?.version ?? 0;
    const last = await untilTold(({ used }) => expect(used).toBe(0));
    expect(last.version).toBeGreaterThan(before);
  });

  it('knows the calls of the period from before it had this plan, and those of another zone’s month', async () => {
    const { tenantId, subscriptionId, productId } = tenant;
    const span = quotaSpan('month', 'UTC', Date.now() / 1000);
    await ingest(accepted([[call({ calls: 6 })]]));
    await sell({ calls: 10, period: 'month' });
    await untilTold((last) => expect(last.used).toBe(6));

    const planVersionId = newId('plv');
    const plan = { planId: newId('pln'), planVersionId, productId, version: 2, name: 'Daily', limit: null };
    const subscription = {
      subscriptionId,
      applicationId: tenant.applicationId,
      applicationName: 'Forecasts',
      developerId: newId('dev'),
      productId,
      planVersionId,
      groupIds: [tenant.groupId],
    };
    const quota = { calls: 50, period: 'day' } as const;
    await analytics.publish(
      subscriptionApproved.create({ subject: subscriptionId, tenantId, aggregateVersion: 3, data: subscription }),
      planVersionPublished.create({ subject: plan.planId, tenantId, aggregateVersion: 2, data: { ...plan, quota } }),
    );
    await untilTold((last) => expect(last).toMatchObject({ planVersionId, limit: 50, period: 'day', used: 6 }));

    const zone = 'Pacific/Kiritimati';
    const data = { tenantId, slug: 'acme', name: 'Acme', billingTimeZone: zone };
    await analytics.publish(tenantUpdated.create({ subject: tenantId, tenantId, aggregateVersion: 2, data }));
    const day = quotaSpan('day', zone, Date.now() / 1000);
    await untilTold((last) => expect(last.periodStart).toBe(new Date(day.start * 1000).toISOString()));
    expect(span.start).not.toBe(day.start);

    await analytics.publish(
      subscriptionCancelled.create({ subject: subscriptionId, tenantId, aggregateVersion: 4, data: subscription }),
    );
    await eventually(
      async () => {
        const [row] = await analytics.database.query<{ live: boolean }>(
          'select is_live as live from analytics.quota_subscriptions where subscription_id = $1',
          [subscriptionId],
        );
        expect(row?.live).toBe(false);
      },
      { withinMs: 10_000 },
    );
    const before = (await told()).length;
    await ingest(accepted([[call()]]));
    await analytics.part(QuotaTeller).runOnce();
    expect(await told()).toHaveLength(before);
  });
});

describe('the snapshot of quotas', () => {
  it('is what was told last, of live subscriptions of the tenant that the caller names', async () => {
    await sell({ calls: 100, period: 'month' });
    await ingest(accepted([[call({ calls: 3 })]]));
    const { version, ...last } = await untilTold(({ used }) => expect(used).toBe(3));
    const client = new ServiceClient(new ServiceTokens(testMasterKey, 'gateway-manager'), { analytics: analytics.url });
    const listed = async (tenantId = tenant.tenantId) => (await client.call(listQuotaSnapshots, { tenantId })).items;
    expect(await listed()).toEqual([{ ...last, version, toldAt: expect.any(String) as string }]);
    expect(await listed(newId('tnt'))).toEqual([]);

    const [, , , approval] = portalEvents(tenant);
    const { data } = subscriptionApproved.schema.safeParse(approval?.envelope.data);
    if (data === undefined) throw new Error('the sample tells of no approval');
    const { tenantId, subscriptionId: subject } = tenant;
    await analytics.publish(subscriptionCancelled.create({ subject, tenantId, aggregateVersion: 3, data }));
    await eventually(async () => expect(await listed()).toEqual([]), { withinMs: 10_000 });
  });
});
