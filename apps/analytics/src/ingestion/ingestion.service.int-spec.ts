import { newId } from '@tollgate/contracts';
import type { UsageRow } from '@tollgate/contracts/dataplane';
import { createTestDatabase, type TestDatabase } from '@tollgate/persistence/testing';
import { createLogger } from '@tollgate/platform';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { analyticsSchema } from '../analytics.schema.ts';
import { QuotaMeter } from '../quotas/quota-meter.ts';
import { QuotaMetersRepository } from '../quotas/quota-meters.repository.ts';
import { batchesOf, sampleMinute, usageRow } from '../testing/usage-samples.ts';
import { IngestionMetrics } from './ingestion.metrics.ts';
import { IngestionRepository } from './ingestion.repository.ts';
import { IngestionService } from './ingestion.service.ts';
import type { AcceptedBatch } from './plan-ingestion.ts';

let test: TestDatabase;
let registry: Registry;
let services: IngestionService[];

beforeAll(async () => {
  test = await createTestDatabase(inject('databaseUrl'), [analyticsSchema]);
  registry = new Registry();
  const repository = new IngestionRepository();
  const metrics = new IngestionMetrics(registry);
  const logger = createLogger('analytics', 'silent');
  const quotas = new QuotaMeter(new QuotaMetersRepository());
  services = await Promise.all(
    [1, 2].map(
      async () => new IngestionService(await test.connect(analyticsSchema), repository, quotas, metrics, logger),
    ),
  );
});
afterAll(() => test.drop());

interface Sums {
  calls: number;
  billable: number;
  bytes: number;
  latency: Record<string, number>;
}

async function sumsIn(table: string, tenantId: string): Promise<Sums> {
  const [sums] = await test.query<Omit<Sums, 'latency'>>(
    `select coalesce(sum(calls), 0)::int as calls, coalesce(sum(billable), 0)::int as billable,
       coalesce(sum(bytes_in + bytes_out), 0)::int as bytes
     from analytics.${table} where tenant_id = $1`,
    [tenantId],
  );
  const buckets = await test.query<{ bucket: number; count: number }>(
    `select bucket, sum(count)::int as count from analytics.${table}, unnest(latency_buckets, latency_counts) as l (bucket, count)
     where tenant_id = $1 group by bucket`,
    [tenantId],
  );
  return { ...(sums as Sums), latency: Object.fromEntries(buckets.map(({ bucket, count }) => [bucket, count])) };
}

function sumsOf(batches: readonly AcceptedBatch[]): Sums {
  const sums: Sums = { calls: 0, billable: 0, bytes: 0, latency: {} };
  for (const row of batches.flatMap(({ batch }) => batch.rows)) {
    sums.calls += row.calls;
    sums.billable += row.billable;
    sums.bytes += row.bytesIn + row.bytesOut;
    for (const [bucket, count] of row.latency) sums.latency[bucket] = (sums.latency[bucket] ?? 0) + count;
  }
  return sums;
}

const anyRow = (tenantId: string, groupId: string): fc.Arbitrary<UsageRow> =>
  fc
    .record({
      minute: fc.integer({ min: 0, max: 200 }).map((minutes) => sampleMinute - minutes * 60),
      routeId: fc.constantFrom('route-1', 'route-2', 'none'),
      consumer: fc.constantFrom(null, 'sub_1', 'sub_2'),
      status: fc.constantFrom(200, 404, 429),
      calls: fc.integer({ min: 1, max: 50 }),
      bucket: fc.integer({ min: 0, max: 159 }),
      isBillable: fc.boolean(),
    })
    .map(({ bucket, isBillable, ...row }) =>
      usageRow({ tenantId, groupId, ...row, billable: isBillable ? row.calls : 0, latency: [[bucket, row.calls]] }),
    );

/** The batches of two data planes, every one at least once, shuffled, and cut into transactions. */
const anyDelivery = (tenantId: string) => {
  const groupId = newId('grp');
  const rows = fc.array(fc.array(anyRow(tenantId, groupId), { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 8,
  });
  return fc
    .tuple(rows, rows)
    .map(([one, two]) => [...batchesOf(one), ...batchesOf(two)])
    .chain((made) =>
      fc
        .tuple(fc.shuffledSubarray([...made, ...made], { minLength: made.length * 2 }), fc.integer({ min: 1, max: 6 }))
        .map(([delivered, size]) => ({
          made,
          transactions: Array.from({ length: Math.ceil(delivered.length / size) }, (_, index) =>
            delivered.slice(index * size, (index + 1) * size),
          ),
        })),
    );
};

describe('ingestion', () => {
  it('counts every batch once in every roll-up, doubled, reordered, late, and by two processes at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .constant(null)
          .map(() => newId('tnt'))
          .chain((tenantId) => anyDelivery(tenantId).map((delivery) => ({ tenantId, ...delivery }))),
        async ({ tenantId, made, transactions }) => {
          await Promise.all(
            services.map(async (service, index) => {
              const share = transactions.filter((_, position) => position % services.length === index);
              for (const batches of share) await service.ingest(batches);
            }),
          );
          const expected = sumsOf(made);
          for (const table of ['usage_minutes', 'usage_hours', 'usage_days']) {
            expect(await sumsIn(table, tenantId), table).toEqual(expected);
          }
          const [billed] = await test.query<{ billable: number }>(
            'select coalesce(sum(billable), 0)::int as billable from analytics.billable_minutes where tenant_id = $1',
            [tenantId],
          );
          expect(billed?.billable).toBe(expected.billable);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('refuses other content under a known sequence, records and counts it', async () => {
    const [tenantId, groupId] = [newId('tnt'), newId('grp')];
    const [batch] = batchesOf([[usageRow({ tenantId, groupId, calls: 3 })]]) as [AcceptedBatch];
    const forged = { ...batch, contentSha256: 'f'.repeat(64) };
    await services[0]?.ingest([batch]);
    await services[0]?.ingest([forged]);
    expect((await sumsIn('usage_minutes', tenantId)).calls).toBe(3);
    expect(
      await test.query(
        'select sequence::int, kind, content_sha256 from analytics.usage_anomalies where instance_id = $1',
        [batch.instanceId],
      ),
    ).toEqual([{ sequence: 1, kind: 'conflict', content_sha256: forged.contentSha256 }]);
    expect(await registry.metrics()).toContain('tollgate_usage_batches_total{outcome="conflict"} 1');
  });

  it('keeps one row per data-plane process however many batches it sends', async () => {
    const [tenantId, groupId] = [newId('tnt'), newId('grp')];
    const batches = batchesOf(Array.from({ length: 200 }, () => [usageRow({ tenantId, groupId })]));
    await services[0]?.ingest(batches);
    expect(
      await test.query('select high_water::int, gaps from analytics.usage_streams where instance_id = $1', [
        batches[0]?.instanceId,
      ]),
    ).toEqual([{ high_water: 200, gaps: [] }]);
  });

  it('counts calls from a clock that runs ahead in the minute of their acceptance', async () => {
    const [tenantId, groupId] = [newId('tnt'), newId('grp')];
    const ahead = usageRow({ tenantId, groupId, minute: sampleMinute + 86_400 });
    await services[0]?.ingest(batchesOf([[ahead]]));
    expect(
      await test.query(
        'select extract(epoch from start)::int as start from analytics.usage_minutes where tenant_id = $1',
        [tenantId],
      ),
    ).toEqual([{ start: sampleMinute + 600 }]);
  });
});
