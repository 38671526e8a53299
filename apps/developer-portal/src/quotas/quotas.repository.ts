import { Injectable } from '@nestjs/common';
import type { QuotaMetered } from '@tollgate/contracts/events';
import type { UnitOfWork } from '@tollgate/persistence';

/** What analytics told of a subscription last. */
export interface MeteredQuota extends Pick<QuotaMetered, 'period' | 'periodStart' | 'periodEnd' | 'used'> {
  countedAt: string;
}

interface MeteredRow extends Pick<QuotaMetered, 'period' | 'used'> {
  periodStart: Date;
  periodEnd: Date;
  countedAt: Date;
}

/** How much of their quotas subscriptions have used (a projection). */
@Injectable()
export class QuotasRepository {
  /** From which telling a subscription's row is; 0 while none is known. */
  async findVersion({ manager }: UnitOfWork, subscriptionId: string): Promise<number> {
    const sql = 'select version from subscription_quotas where subscription_id = $1';
    const [held] = await manager.query<{ version: number }[]>(sql, [subscriptionId]);
    return held?.version ?? 0;
  }

  /**
   * Keeps the newest; what was overtaken, or is of a subscription that was deleted, is ignored, what contradicts the version that is held replaces it.
   * @returns whether something was written.
   */
  async save(
    { manager, tenantId }: UnitOfWork,
    { subscriptionId, period, periodStart, periodEnd, used }: QuotaMetered,
    { version, countedAt }: { version: number; countedAt: string },
  ): Promise<boolean> {
    const saved = await manager.query<unknown[]>(
      `insert into subscription_quotas as held (tenant_id, subscription_id, version, period, period_start, period_end, used, counted_at)
       select $1, id, $3, $4, $5, $6, $7, $8 from subscriptions where id = $2
       on conflict (tenant_id, subscription_id) do update set version = excluded.version, period = excluded.period,
         period_start = excluded.period_start, period_end = excluded.period_end, used = excluded.used,
         counted_at = excluded.counted_at
       where held.version < excluded.version or (held.version = excluded.version
         and (held.period, held.period_start, held.period_end, held.used)
           is distinct from (excluded.period, excluded.period_start, excluded.period_end, excluded.used))
       returning subscription_id`,
      [tenantId, subscriptionId, version, period, periodStart, periodEnd, used, countedAt],
    );
    return saved.length > 0;
  }

  async find({ manager }: UnitOfWork, subscriptionId: string): Promise<MeteredQuota | null> {
    const [row] = await manager.query<MeteredRow[]>(
      `select period, period_start as "periodStart", period_end as "periodEnd", used::float8 as used, counted_at as "countedAt"
       from subscription_quotas where subscription_id = $1`,
      [subscriptionId],
    );
    if (row === undefined) return null;
    const { periodStart, periodEnd, countedAt } = row;
    return {
      period: row.period,
      used: row.used,
      periodStart: periodStart.toISOString(),
      periodEnd: periodEnd.toISOString(),
      countedAt: countedAt.toISOString(),
    };
  }
}
