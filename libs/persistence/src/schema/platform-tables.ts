import type { QueryRunner } from 'typeorm';
import type { MigrationClass } from './service-schema.ts';
import { globalTable, systemAccess, tenantTable } from './table-access.ts';

/** Tables that this library brings into every service schema and that belong to no tenant, and why. */
export const platformGlobalTables: Record<string, string> = {
  inbox: 'holds names of consumers and ids of events only',
  idempotency_keys: 'keyed by principal; operators and people who sign up have no tenant',
  schema_migrations: 'the list of migrations that ran',
};

/** Tables of this library that the system role may touch, and why. */
export const platformSystemTables: Record<string, string> = {
  outbox: 'the relay publishes the events of all tenants',
  inbox: 'consumers record an event before its tenant is known',
  idempotency_keys: 'answers are replayed per principal',
};

/** Name of the table in which TypeORM records the migrations that ran. */
export const migrationsTable = 'schema_migrations';

/** Channel that is notified when a transaction that wrote to the schema's outbox commits. */
export function outboxChannel(schema: string): string {
  return `tollgate_outbox_${schema}`;
}

/** SQL of outbox, inbox and idempotency tables of a service schema. */
export function platformTables(schema: string): string {
  return `
    create table ${schema}.outbox (
      id bigint generated always as identity primary key,
      tenant_id text,
      topic text not null,
      partition_key text not null,
      envelope jsonb not null,
      created_at timestamptz not null default now()
    );
    ${tenantTable(`${schema}.outbox`, ['insert'])}
    ${systemAccess(`${schema}.outbox`)}

    create function ${schema}.notify_outbox() returns trigger language plpgsql as $body$
    begin
      perform pg_notify('${outboxChannel(schema)}', '');
      return null;
    end $body$;
    create trigger outbox_notify after insert on ${schema}.outbox
      for each statement execute function ${schema}.notify_outbox();

    create table ${schema}.inbox (
      consumer text not null,
      event_id text not null,
      received_at timestamptz not null default now(),
      primary key (consumer, event_id)
    );
    create index inbox_received_at on ${schema}.inbox (received_at);
    ${globalTable(`${schema}.inbox`, { app: ['select', 'insert'], system: ['select', 'insert', 'delete'] })}

    create table ${schema}.idempotency_keys (
      scope text not null,
      key text not null,
      request_hash text not null,
      status integer,
      response text,
      claimed_until timestamptz not null,
      expires_at timestamptz not null,
      primary key (scope, key)
    );
    create index idempotency_keys_expires_at on ${schema}.idempotency_keys (expires_at);
    ${globalTable(`${schema}.idempotency_keys`, { system: ['select', 'insert', 'update', 'delete'] })}`;
}

/** The first migration of every service schema. */
export function platformMigration(schema: string): MigrationClass {
  return class {
    readonly name = 'PlatformTables1760000000000';

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(platformTables(schema));
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query(`drop table ${schema}.idempotency_keys, ${schema}.inbox, ${schema}.outbox;
        drop function ${schema}.notify_outbox()`);
    }
  };
}
