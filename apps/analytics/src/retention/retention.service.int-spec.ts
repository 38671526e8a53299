import { newId } from '@tollgate/contracts';
import { createTestDatabase, type TestDatabase } from '@tollgate/persistence/testing';
import { createLogger } from '@tollgate/platform';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { analyticsSchema } from '../analytics.schema.ts';
import { loadAnalyticsConfig } from '../config.ts';
import { IngestionMetrics } from '../ingestion/ingestion.metrics.ts';
import { IngestionRepository } from '../ingestion/ingestion.repository.ts';
import { IngestionService } from '../ingestion/ingestion.service.ts';
import { QuotaMeter } from '../quotas/quota-meter.ts';
import { QuotaMetersRepository } from '../quotas/quota-meters.repository.ts';
import { batchesOf, sampleMinute, usageRow } from '../testing/usage-samples.ts';
import { RetentionRepository } from './retention.repository.ts';
import { RetentionService } from './retention.service.ts';

const day = 86_400;
let test: TestDatabase;
let retention: RetentionService;
let ingestion: IngestionService;

beforeAll(async () => {
  test = await createTestDatabase(inject('databaseUrl'), [analyticsSchema]);
  const database = await test.connect(analyticsSchema);
  const logger = createLogger('analytics', 'silent');
  const quotas = new QuotaMeter(new QuotaMetersRepository());
  const config = loadAnalyticsConfig({
    TOLLGATE_MASTER_KEY: 'x'.repeat(32),
    REDIS_URL: inject('redisUrl'),
    DATABASE_URL: test.adminUrl,
  });
  retention = new RetentionService(database, new RetentionRepository(), logger, config);
  ingestion = new IngestionService(
    database,
    new IngestionRepository(),
    quotas,
    new IngestionMetrics(new Registry()),
    logger,
  );
});
afterAll(() => test.drop());

async function callsIn(table: string): Promise<number> {
  const [sum] = await test.query<{ sum: number }>(
    `select coalesce(sum(billable), 0)::int as sum from analytics.${table}`,
  );
  return sum?.sum ?? 0;
}

describe('retention', () => {
  it('deletes counters past their time and keeps their coarser sums', async () => {
    const row = { tenantId: newId('tnt'), groupId: newId('grp') };
    const daysAgo = (days: number, calls: number) => usageRow({ ...row, minute: sampleMinute - days * day, calls });
    await ingestion.ingest(
      batchesOf([[daysAgo(0, 1), daysAgo(89, 2), daysAgo(92, 4), daysAgo(399, 8), daysAgo(402, 16)]]),
    );
    await retention.runOnce();
    const kept = {
      usage_minutes: await callsIn('usage_minutes'),
      usage_hours: await callsIn('usage_hours'),
      billable_minutes: await callsIn('billable_minutes'),
      usage_days: await callsIn('usage_days'),
    };
    expect(kept).toEqual({ usage_minutes: 3, usage_hours: 15, billable_minutes: 15, usage_days: 31 });
    expect(Object.values(await retention.runOnce()).every((deleted) => deleted === 0)).toBe(true);
  });
});
