import { globalTable, systemAccess, tenantTable } from '@tollgate/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const rollUps = ['usage_minutes', 'usage_hours', 'usage_days'] as const;

/**
 * The start of the span is part of the key, so that a table can be partitioned by it. Only retention reads by time alone; rows come
 * roughly in its order, so a block-range index is enough and costs ingestion next to nothing.
 */
const rollUpTable = (name: string) => `
  create table analytics.${name} (
    tenant_id text not null,
    start timestamptz not null,
    group_id text not null,
    route_id text not null,
    consumer text not null,
    status smallint not null,
    calls bigint not null,
    billable bigint not null,
    latency_sum_us bigint not null,
    bytes_in bigint not null,
    bytes_out bigint not null,
    latency_buckets smallint[] not null,
    latency_counts bigint[] not null,
    primary key (tenant_id, start, group_id, route_id, consumer, status)
  ) with (fillfactor = 80);
  create index ${name}_start on analytics.${name} using brin (start);
  ${tenantTable(`analytics.${name}`, ['select'])}
  ${systemAccess(`analytics.${name}`)}`;

export class Usage1760000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${rollUps.map(rollUpTable).join('\n')}

      create table analytics.billable_minutes (
        tenant_id text not null,
        start timestamptz not null,
        consumer text not null,
        billable bigint not null,
        primary key (tenant_id, start, consumer)
      ) with (fillfactor = 80);
      create index billable_minutes_start on analytics.billable_minutes using brin (start);
      ${tenantTable('analytics.billable_minutes', ['select'])}
      ${systemAccess('analytics.billable_minutes')}

      create table analytics.usage_streams (
        instance_id text not null,
        epoch text not null,
        high_water bigint not null default 0,
        gaps jsonb not null default '[]',
        recent jsonb not null default '[]',
        last_batch_at timestamptz not null default now(),
        primary key (instance_id, epoch)
      ) with (fillfactor = 80);
      create index usage_streams_last_batch_at on analytics.usage_streams (last_batch_at);
      ${globalTable('analytics.usage_streams', { system: ['select', 'insert', 'update', 'delete'] })}

      create table analytics.usage_anomalies (
        instance_id text not null,
        epoch text not null,
        sequence bigint not null,
        content_sha256 text not null,
        kind text not null,
        pool_id text not null,
        seen_at timestamptz not null default now(),
        primary key (instance_id, epoch, sequence, content_sha256)
      );
      create index usage_anomalies_seen_at on analytics.usage_anomalies (seen_at);
      ${globalTable('analytics.usage_anomalies', { system: ['select', 'insert', 'delete'] })}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = [...rollUps, 'billable_minutes', 'usage_streams', 'usage_anomalies'];
    await runner.query(`drop table ${tables.map((name) => `analytics.${name}`).join(', ')}`);
  }
}
