import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@tollgate/persistence';
import type { UsageCell } from './usage-cell.ts';
import type { UsageStreamState } from './usage-stream.ts';

/** Names a stream of batches: one process of one data plane. */
export interface StreamKey {
  readonly instanceId: string;
  readonly epoch: string;
}

/** A batch that had no effect although it is no duplicate. */
export interface UsageAnomaly extends StreamKey {
  readonly sequence: number;
  readonly contentSha256: string;
  readonly kind: 'conflict' | 'refused';
  readonly poolId: string;
}

/** Billable calls of one consumer in one minute; what money is computed from. */
export interface BillableMinute {
  readonly tenantId: string;
  readonly start: number;
  readonly consumer: string;
  readonly billable: number;
}

export type RollUpTable = 'usage_minutes' | 'usage_hours' | 'usage_days';

/** Writes usage in bulk. Everything comes in one order, so that processes wait for each other instead of deadlocking. */
@Injectable()
export class IngestionRepository {
  /** Reads the streams, making those that are new, and locks them until the unit ends. In the order of the keys. */
  async lockStreams({ manager }: UnitOfWork, keys: readonly StreamKey[]): Promise<UsageStreamState[]> {
    const columns = [keys.map(({ instanceId }) => instanceId), keys.map(({ epoch }) => epoch)];
    await manager.query(
      `insert into usage_streams (instance_id, epoch)
       select * from unnest($1::text[], $2::text[]) on conflict do nothing`,
      columns,
    );
    const rows = await manager.query<(StreamKey & UsageStreamState)[]>(
      `select high_water::float8 as "highWater", gaps, recent
       from unnest($1::text[], $2::text[]) with ordinality as wanted (instance_id, epoch, position)
       join usage_streams using (instance_id, epoch)
       order by position
       for update of usage_streams`,
      columns,
    );
    return rows.map(({ highWater, gaps, recent }) => ({ highWater, gaps, recent }));
  }

  async saveStreams(
    { manager }: UnitOfWork,
    streams: readonly { key: StreamKey; state: UsageStreamState }[],
  ): Promise<void> {
    await manager.query(
      `update usage_streams
       set high_water = saved.high_water, gaps = saved.gaps, recent = saved.recent, last_batch_at = now()
       from unnest($1::text[], $2::text[], $3::bigint[], $4::jsonb[], $5::jsonb[])
         as saved (instance_id, epoch, high_water, gaps, recent)
       where usage_streams.instance_id = saved.instance_id and usage_streams.epoch = saved.epoch`,
      [
        streams.map(({ key }) => key.instanceId),
        streams.map(({ key }) => key.epoch),
        streams.map(({ state }) => state.highWater),
        streams.map(({ state }) => JSON.stringify(state.gaps)),
        streams.map(({ state }) => JSON.stringify(state.recent)),
      ],
    );
  }

  /** Adds the cells to the counters of a table; one statement. */
  async addCells({ manager }: UnitOfWork, table: RollUpTable, cells: readonly UsageCell[]): Promise<void> {
    await manager.query(
      `insert into ${table} as held (tenant_id, start, group_id, route_id, consumer, status, is_tried, calls, billable,
         latency_sum_us, bytes_in, bytes_out, latency_buckets, latency_counts)
       select tenant_id, to_timestamp(start), group_id, route_id, consumer, status, is_tried, calls, billable,
         latency_sum_us, bytes_in, bytes_out, latency_buckets::smallint[], latency_counts::bigint[]
       from unnest($1::text[], $2::float8[], $3::text[], $4::text[], $5::text[], $6::smallint[], $7::boolean[], $8::bigint[],
         $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::text[], $14::text[])
         as added (tenant_id, start, group_id, route_id, consumer, status, is_tried, calls, billable,
           latency_sum_us, bytes_in, bytes_out, latency_buckets, latency_counts)
       on conflict (tenant_id, start, group_id, route_id, consumer, status, is_tried) do update set
         calls = held.calls + excluded.calls,
         billable = held.billable + excluded.billable,
         latency_sum_us = held.latency_sum_us + excluded.latency_sum_us,
         bytes_in = held.bytes_in + excluded.bytes_in,
         bytes_out = held.bytes_out + excluded.bytes_out,
         (latency_buckets, latency_counts) = (
           select coalesce(array_agg(bucket order by bucket), '{}'), coalesce(array_agg(count order by bucket), '{}')
           from (
             select bucket, sum(count)::bigint as count
             from (
               select * from unnest(held.latency_buckets, held.latency_counts) as a (bucket, count)
               union all
               select * from unnest(excluded.latency_buckets, excluded.latency_counts) as b (bucket, count)
             ) as both_sketches
             group by bucket
           ) as merged
         )`,
      columnsOf(cells),
    );
  }

  async addBillable({ manager }: UnitOfWork, minutes: readonly BillableMinute[]): Promise<void> {
    await manager.query(
      `insert into billable_minutes as held (tenant_id, start, consumer, billable)
       select tenant_id, to_timestamp(start), consumer, billable
       from unnest($1::text[], $2::float8[], $3::text[], $4::bigint[]) as added (tenant_id, start, consumer, billable)
       on conflict (tenant_id, start, consumer) do update set billable = held.billable + excluded.billable`,
      [
        minutes.map(({ tenantId }) => tenantId),
        minutes.map(({ start }) => start),
        minutes.map(({ consumer }) => consumer),
        minutes.map(({ billable }) => billable),
      ],
    );
  }

  async addAnomalies({ manager }: UnitOfWork, anomalies: readonly UsageAnomaly[]): Promise<void> {
    await manager.query(
      `insert into usage_anomalies (instance_id, epoch, sequence, content_sha256, kind, pool_id)
       select * from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[])
       on conflict do nothing`,
      [
        anomalies.map(({ instanceId }) => instanceId),
        anomalies.map(({ epoch }) => epoch),
        anomalies.map(({ sequence }) => sequence),
        anomalies.map(({ contentSha256 }) => contentSha256),
        anomalies.map(({ kind }) => kind),
        anomalies.map(({ poolId }) => poolId),
      ],
    );
  }
}

/** Array literals as text: `unnest` would flatten arrays of arrays. */
function columnsOf(cells: readonly UsageCell[]): unknown[][] {
  return [
    cells.map(({ tenantId }) => tenantId),
    cells.map(({ start }) => start),
    cells.map(({ groupId }) => groupId),
    cells.map(({ routeId }) => routeId),
    cells.map(({ consumer }) => consumer),
    cells.map(({ status }) => status),
    cells.map(({ isTried }) => isTried),
    cells.map(({ calls }) => calls),
    cells.map(({ billable }) => billable),
    cells.map(({ latencySumUs }) => latencySumUs),
    cells.map(({ bytesIn }) => bytesIn),
    cells.map(({ bytesOut }) => bytesOut),
    cells.map(({ latency }) => `{${[...latency.keys()].join(',')}}`),
    cells.map(({ latency }) => `{${[...latency.values()].join(',')}}`),
  ];
}
