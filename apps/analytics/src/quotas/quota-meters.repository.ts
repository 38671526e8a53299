import { Injectable } from '@nestjs/common';
import type { QuotaPeriod } from '@tollgate/contracts/events';
import type { UnitOfWork } from '@tollgate/persistence';
import type { StreamKey } from '../ingestion/ingestion.repository.ts';
import type { QuotaSpan } from './quota-span.ts';

/** A consumer by the tenant it belongs to. */
export interface ConsumerKey {
  readonly tenantId: string;
  readonly consumer: string;
}

/** A subscription whose plan has a quota. */
export interface QuotaSubject {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly period: QuotaPeriod;
  /** The tenant's billing zone. */
  readonly zone: string;
}

/** Calls of a subscription in one period. */
export interface MeterKey extends QuotaSpan {
  readonly tenantId: string;
  readonly subscriptionId: string;
}

/** A process of a data plane that counted calls of a subscription. */
export interface Contribution extends ConsumerKey, StreamKey {}

/** Meters of quotas, in system units: one batch of usage holds calls of many tenants. */
@Injectable()
export class QuotaMetersRepository {
  /** Those of the consumers that are live subscriptions under a quota, locked in one order until the unit ends. */
  lockSubjects({ manager }: UnitOfWork, consumers: readonly ConsumerKey[]): Promise<QuotaSubject[]> {
    return manager.query(
      `select s.tenant_id as "tenantId", s.subscription_id as "subscriptionId", p.period, coalesce(z.zone, 'UTC') as zone
       from unnest($1::text[], $2::text[]) as wanted (tenant_id, subscription_id)
       join quota_subscriptions s using (tenant_id, subscription_id)
       join quota_plans p using (tenant_id, plan_version_id)
       left join billing_zones z using (tenant_id)
       where s.is_live and s.has_quota
       order by s.tenant_id, s.subscription_id
       for update of s`,
      [consumers.map(({ tenantId }) => tenantId), consumers.map(({ consumer }) => consumer)],
    );
  }

  /** Makes the meters that are not there, with the billable calls of the period so far. */
  async ensure({ manager }: UnitOfWork, meters: readonly MeterKey[]): Promise<void> {
    await manager.query(
      `insert into quota_meters (tenant_id, subscription_id, period_start, period_end, used)
       select tenant_id, subscription_id, period_start, period_end,
         (select coalesce(sum(billable), 0) from billable_minutes b where b.tenant_id = wanted.tenant_id
            and b.consumer = wanted.subscription_id and b.start >= period_start and b.start < period_end)
       from (
         select tenant_id, subscription_id, to_timestamp(period_start) as period_start, to_timestamp(period_end) as period_end
         from unnest($1::text[], $2::text[], $3::float8[], $4::float8[])
           as asked (tenant_id, subscription_id, period_start, period_end)
       ) as wanted
       where not exists (select from quota_meters m where m.tenant_id = wanted.tenant_id
         and m.subscription_id = wanted.subscription_id and m.period_start = wanted.period_start
         and m.period_end = wanted.period_end)
       on conflict do nothing`,
      columnsOf(meters),
    );
  }

  async add({ manager }: UnitOfWork, meters: readonly (MeterKey & { readonly calls: number })[]): Promise<void> {
    await manager.query(
      `update quota_meters m set used = m.used + added.calls
       from unnest($1::text[], $2::text[], $3::float8[], $4::float8[], $5::bigint[])
         as added (tenant_id, subscription_id, period_start, period_end, calls)
       where m.tenant_id = added.tenant_id and m.subscription_id = added.subscription_id
         and m.period_start = to_timestamp(added.period_start) and m.period_end = to_timestamp(added.period_end)`,
      [...columnsOf(meters), meters.map(({ calls }) => calls)],
    );
  }

  /** Notes who counted, and marks the subscriptions to be told of. */
  async contribute({ manager }: UnitOfWork, contributions: readonly Contribution[]): Promise<void> {
    const columns = [
      contributions.map(({ tenantId }) => tenantId),
      contributions.map(({ consumer }) => consumer),
      contributions.map(({ instanceId }) => instanceId),
      contributions.map(({ epoch }) => epoch),
    ];
    await manager.query(
      `insert into quota_streams (tenant_id, subscription_id, instance_id, epoch)
       select * from unnest($1::text[], $2::text[], $3::text[], $4::text[])
       on conflict (tenant_id, subscription_id, instance_id, epoch) do update set counted_at = now()`,
      columns,
    );
    await manager.query(
      `update quota_subscriptions s set version = s.version + 1
       from (select distinct * from unnest($1::text[], $2::text[]) as c (tenant_id, subscription_id)) as counted
       where s.tenant_id = counted.tenant_id and s.subscription_id = counted.subscription_id`,
      columns.slice(0, 2),
    );
  }

  /** A gap of these streams was filled: watermarks have moved for subscriptions that were counted before. */
  async markStreams({ manager }: UnitOfWork, streams: readonly StreamKey[]): Promise<void> {
    await manager.query(
      `update quota_subscriptions s set version = s.version + 1
       where (s.tenant_id, s.subscription_id) in (
         select q.tenant_id, q.subscription_id from quota_streams q
         join unnest($1::text[], $2::text[]) as moved (instance_id, epoch) using (instance_id, epoch))`,
      [streams.map(({ instanceId }) => instanceId), streams.map(({ epoch }) => epoch)],
    );
  }
}

function columnsOf(meters: readonly MeterKey[]): unknown[][] {
  return [
    meters.map(({ tenantId }) => tenantId),
    meters.map(({ subscriptionId }) => subscriptionId),
    meters.map(({ start }) => start),
    meters.map(({ end }) => end),
  ];
}
