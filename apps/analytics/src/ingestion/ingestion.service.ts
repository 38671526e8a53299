import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@tollgate/persistence';
import { LOGGER } from '@tollgate/platform';
import type { Logger } from 'pino';
import { QuotaMeter } from '../quotas/quota-meter.ts';
import { IngestionMetrics } from './ingestion.metrics.ts';
import { IngestionRepository } from './ingestion.repository.ts';
import { planIngestion, streamKeysOf, type AcceptedBatch, type IngestionPlan } from './plan-ingestion.ts';

/** Turns batches into counters. Each batch takes effect once, however often it comes: all of it is one transaction. */
@Injectable()
export class IngestionService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(IngestionRepository) private readonly usage: IngestionRepository,
    @Inject(QuotaMeter) private readonly quotas: QuotaMeter,
    @Inject(IngestionMetrics) private readonly metrics: IngestionMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async ingest(batches: readonly AcceptedBatch[]): Promise<void> {
    if (batches.length === 0) return;
    const plan = await this.database.inSystem('ingest-usage', async (unit) => {
      const states = await this.usage.lockStreams(unit, streamKeysOf(batches));
      const planned = planIngestion(batches, states);
      await this.usage.saveStreams(unit, planned.streams);
      if (planned.minutes.length > 0) {
        await this.usage.addCells(unit, 'usage_minutes', planned.minutes);
        await this.usage.addCells(unit, 'usage_hours', planned.hours);
        await this.usage.addCells(unit, 'usage_days', planned.days);
      }
      await this.quotas.add(unit, planned);
      if (planned.billable.length > 0) await this.usage.addBillable(unit, planned.billable);
      if (planned.anomalies.length > 0) await this.usage.addAnomalies(unit, planned.anomalies);
      return planned;
    });
    this.metrics.record(plan, Math.max(...batches.map(({ acceptedAt }) => acceptedAt)));
    this.#alarm(plan);
  }

  #alarm({ anomalies }: IngestionPlan): void {
    for (const { instanceId, epoch, sequence, kind } of anomalies) {
      this.logger.error({ instanceId, epoch, sequence, kind }, 'usage batch was not counted');
    }
  }
}
