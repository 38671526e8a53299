import { Injectable } from '@nestjs/common';
import type { QuotaMetered } from '@tollgate/contracts/events';
import type { UnitOfWork } from '@tollgate/persistence';
import type { QuotaMeter } from './quota-lease.ts';

/** What analytics told, and how many data planes there were then. */
export interface MeteredQuota extends QuotaMetered {
  version: number;
}

const meterColumns = `subscription_id as "subscriptionId", data_planes as "dataPlanes", period, used::float8 as used, watermarks,
  to_char(period_end at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "periodEnd"`;

/** A projection of what analytics tells of quotas. */
@Injectable()
export class QuotaMetersRepository {
  /** The meter of a subscription, made when there is none; data planes are those that have acknowledged something of its groups. */
  async take({ manager, tenantId }: UnitOfWork, subscriptionId: string, groupIds: string[]): Promise<QuotaMeter> {
    const [meter] = await manager.query<QuotaMeter[]>(
      `insert into quota_meters as held (tenant_id, subscription_id, data_planes)
       select $1, $2, count(*) from data_plane_groups served
       left join data_planes plane on plane.id = served.data_plane_id
       where served.group_id = any($3) and (plane.id is null or (plane.revoked_at is null and plane.status <> 'offline'))
       on conflict (tenant_id, subscription_id) do update set data_planes = coalesce(held.data_planes, excluded.data_planes)
       returning ${meterColumns}`,
      [tenantId, subscriptionId, groupIds],
    );
    if (meter === undefined) throw new Error('a meter was neither made nor found');
    return meter;
  }

  /** From which telling a subscription's meter is; 0 while none is known. */
  async findVersion({ manager }: UnitOfWork, subscriptionId: string): Promise<number> {
    const sql = 'select version from quota_meters where subscription_id = $1';
    const [meter] = await manager.query<{ version: number }[]>(sql, [subscriptionId]);
    return meter?.version ?? 0;
  }

  /** Keeps what is newer than what is held or contradicts it, and returns the subscriptions it is of. */
  async save({ manager, tenantId }: UnitOfWork, metered: readonly MeteredQuota[]): Promise<string[]> {
    const rows = await manager.query<{ id: string }[]>(
      `insert into quota_meters as held (tenant_id, subscription_id, version, period, period_end, used, watermarks)
       select $1, "subscriptionId", version, period, "periodEnd", used, watermarks
       from jsonb_to_recordset($2::jsonb)
         as m ("subscriptionId" text, version integer, period text, "periodEnd" timestamptz, used bigint, watermarks jsonb)
       order by "subscriptionId"
       on conflict (tenant_id, subscription_id) do update set version = excluded.version, period = excluded.period,
         period_end = excluded.period_end, used = excluded.used, watermarks = excluded.watermarks
       where held.version < excluded.version or (held.version = excluded.version
         and (held.period, held.period_end, held.used, held.watermarks)
           is distinct from (excluded.period, excluded.period_end, excluded.used, excluded.watermarks))
       returning subscription_id as id`,
      [tenantId, JSON.stringify(metered)],
    );
    return rows.map(({ id }) => id);
  }

  async setDataPlanes({ manager }: UnitOfWork, subscriptionId: string, dataPlanes: number): Promise<QuotaMeter> {
    const [rows] = await manager.query<[QuotaMeter[], number]>(
      `update quota_meters set data_planes = $2 where subscription_id = $1 returning ${meterColumns}`,
      [subscriptionId, dataPlanes],
    );
    const [meter] = rows;
    if (meter === undefined) throw new Error('a meter that was just saved is gone');
    return meter;
  }

  /** Forgets the meter of a subscription that ended. */
  async delete({ manager }: UnitOfWork, subscriptionId: string): Promise<void> {
    await manager.query('delete from quota_meters where subscription_id = $1', [subscriptionId]);
  }

  /** Data planes that serve each group of a tenant now: those heard of, and those that enrolled just now. For a system unit. */
  async countDataPlanes({ manager }: UnitOfWork, tenantId: string): Promise<Map<string, number>> {
    const rows = await manager.query<{ groupId: string; dataPlanes: number }[]>(
      `select g.id as "groupId", count(d.id)::int as "dataPlanes" from gateway_groups g
       left join data_planes d on d.pool_id = g.pool_id and d.revoked_at is null
         and (d.status in ('online', 'degraded', 'out-of-date') or (d.status = 'unknown' and d.created_at > now() - interval '5 minutes'))
       where g.tenant_id = $1 group by g.id`,
      [tenantId],
    );
    return new Map(rows.map(({ groupId, dataPlanes }) => [groupId, dataPlanes]));
  }
}
