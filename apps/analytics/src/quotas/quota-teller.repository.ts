import { Injectable } from '@nestjs/common';
import type { QuotaMetered } from '@tollgate/contracts/events';
import { maxUsageWatermarks } from '@tollgate/contracts/gateway';
import type { UnitOfWork } from '@tollgate/persistence';
import type { MeterKey, QuotaSubject } from './quota-meters.repository.ts';

/** A subscription that is told of. */
export interface DueSubject extends QuotaSubject {
  readonly planVersionId: string;
  readonly limit: number;
  readonly version: number;
}

/** What a meter shows. */
export interface MeterReading extends Pick<QuotaMetered, 'subscriptionId' | 'used' | 'watermarks'> {
  readonly tenantId: string;
}

/** What is told of a subscription. */
export interface QuotaNews {
  readonly tenantId: string;
  readonly version: number;
  readonly data: QuotaMetered;
}

@Injectable()
export class QuotaTellerRepository {
  /**
   * Subscriptions of which there is news, or whose period is over, and which were not told of just now; locked until the unit ends, past
   * those that others hold.
   */
  lockDue({ manager }: UnitOfWork, { limit, pauseMs }: { limit: number; pauseMs: number }): Promise<DueSubject[]> {
    return manager.query(
      `select s.tenant_id as "tenantId", s.subscription_id as "subscriptionId", s.plan_version_id as "planVersionId", s.version,
         p.period, p.calls::float8 as "limit", coalesce(z.zone, 'UTC') as zone
       from quota_subscriptions s
       join quota_plans p using (tenant_id, plan_version_id)
       left join billing_zones z using (tenant_id)
       where s.is_live and s.has_quota and (s.told_version < s.version or s.told_until <= now())
         and s.told_at <= now() - make_interval(secs => $2::float8 / 1000)
       order by s.told_at limit $1
       for update of s skip locked`,
      [limit, pauseMs],
    );
  }

  /** One statement, so that all calls up to the watermarks are among those used. Data planes that counted last are named. */
  read({ manager }: UnitOfWork, meters: readonly MeterKey[]): Promise<MeterReading[]> {
    return manager.query(
      `select m.tenant_id as "tenantId", m.subscription_id as "subscriptionId", m.used::float8 as used,
         coalesce((
           select json_agg(json_build_object('instanceId', u.instance_id, 'epoch', u.epoch, 'sequence',
             case when u.gaps = '[]' then u.high_water else (u.gaps -> 0 ->> 0)::bigint - 1 end)
             order by u.instance_id, u.epoch)
           from (
             select instance_id, epoch from quota_streams q
             where q.tenant_id = m.tenant_id and q.subscription_id = m.subscription_id
             order by q.counted_at desc limit ${maxUsageWatermarks}
           ) latest join usage_streams u using (instance_id, epoch)
         ), '[]') as watermarks
       from unnest($1::text[], $2::text[], $3::float8[], $4::float8[])
         as asked (tenant_id, subscription_id, period_start, period_end)
       join quota_meters m on m.tenant_id = asked.tenant_id and m.subscription_id = asked.subscription_id
         and m.period_start = to_timestamp(asked.period_start) and m.period_end = to_timestamp(asked.period_end)`,
      [
        meters.map(({ tenantId }) => tenantId),
        meters.map(({ subscriptionId }) => subscriptionId),
        meters.map(({ start }) => start),
        meters.map(({ end }) => end),
      ],
    );
  }

  /** The version is raised by the telling: a new period without calls is news too. */
  async markTold({ manager }: UnitOfWork, news: readonly QuotaNews[]): Promise<void> {
    await manager.query(
      `update quota_subscriptions s set version = told.version, told_version = told.version, told_at = now(),
         told_until = (told.data ->> 'periodEnd')::timestamptz, told = told.data
       from unnest($1::text[], $2::text[], $3::integer[], $4::jsonb[]) as told (tenant_id, subscription_id, version, data)
       where s.tenant_id = told.tenant_id and s.subscription_id = told.subscription_id`,
      [
        news.map(({ tenantId }) => tenantId),
        news.map(({ data }) => data.subscriptionId),
        news.map(({ version }) => version),
        news.map(({ data }) => JSON.stringify(data)),
      ],
    );
  }
}
