import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '@tollgate/persistence';
import { LOGGER, PLATFORM_CONFIG } from '@tollgate/platform';
import type { Logger } from 'pino';
import type { AnalyticsConfig } from '../config.ts';
import { RetentionRepository, type ExpiringTable } from './retention.repository.ts';

const everyMs = 60 * 60 * 1000;
/** Rows in one transaction, so that none holds locks for long. */
const rowsAtOnce = 5_000;
/** Far longer than the bus keeps a batch or a data plane can hold one back, so that no batch comes again after it was forgotten. */
const streamDays = 400;

/** Which data planes counted for a quota matters while they run on with the watermark they were told. */
const quotaStreamDays = 2;

/** Deletes counters that are past their retention, once an hour. Doing it again, or by several processes at once, does no harm. */
@Injectable()
export class RetentionService implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #tables: readonly ExpiringTable[];
  #timer: NodeJS.Timeout | undefined;
  #isStopping = false;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RetentionRepository) private readonly repository: RetentionRepository,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(PLATFORM_CONFIG) config: AnalyticsConfig,
  ) {
    this.#tables = [
      { table: 'usage_minutes', column: 'start', keepDays: config.USAGE_MINUTES_RETENTION_DAYS },
      { table: 'usage_hours', column: 'start', keepDays: config.USAGE_HOURS_RETENTION_DAYS },
      { table: 'billable_minutes', column: 'start', keepDays: config.USAGE_HOURS_RETENTION_DAYS },
      { table: 'usage_days', column: 'start', keepDays: config.USAGE_DAYS_RETENTION_DAYS },
      { table: 'quota_meters', column: 'period_end', keepDays: streamDays },
      { table: 'quota_streams', column: 'counted_at', keepDays: quotaStreamDays },
      { table: 'usage_streams', column: 'last_batch_at', keepDays: streamDays },
      { table: 'usage_anomalies', column: 'seen_at', keepDays: streamDays },
    ];
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.#tryOnce(), everyMs);
    this.#timer.unref();
  }

  onModuleDestroy(): void {
    this.#isStopping = true;
    clearInterval(this.#timer);
  }

  /** Deletes what is past its time now; gives the number of rows by table. */
  async runOnce(): Promise<Record<string, number>> {
    const deleted: Record<string, number> = {};
    for (const expiring of this.#tables) deleted[expiring.table] = await this.#expire(expiring);
    return deleted;
  }

  async #expire(expiring: ExpiringTable): Promise<number> {
    let total = 0;
    let atOnce = rowsAtOnce;
    while (atOnce === rowsAtOnce && !this.#isStopping) {
      atOnce = await this.database.inSystem('expire-usage', (unit) =>
        this.repository.deleteExpired(unit, expiring, rowsAtOnce),
      );
      total += atOnce;
    }
    return total;
  }

  async #tryOnce(): Promise<void> {
    try {
      const deleted = await this.runOnce();
      this.logger.info({ deleted }, 'expired usage is deleted');
    } catch (err) {
      this.logger.warn({ err }, 'expiring usage failed; it is tried again in an hour');
    }
  }
}
