import { defineEvent } from '@tollgate/contracts/events';
import { defineServiceSchema, tenantTable } from '@tollgate/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { z } from 'zod';

/** What was made and what took effect, kept by the service under test in its own transactions. */
class LedgerTables1760000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const tables = ['made', 'applied', 'confirmed', 'counted'];
    await runner.query(`
      create table analytics.series (tenant_id text not null, key text not null, next integer not null default 0, primary key (tenant_id, key));
      ${tenantTable('analytics.series')}
      ${tables.map((table) => ledgerTable(`analytics.${table}`)).join('')}
      create unique index counted_once on analytics.counted (tenant_id, key, number);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table analytics.series, analytics.made, analytics.applied, analytics.confirmed, analytics.counted',
    );
  }
}

function ledgerTable(sqlName: string): string {
  return `
    create table ${sqlName} (
      id bigint generated always as identity primary key,
      tenant_id text not null,
      key text not null,
      number integer not null
    );
    ${tenantTable(sqlName)}`;
}

/** Schema of the service under test. */
export const ledgerSchema = defineServiceSchema({
  service: 'analytics',
  entities: [],
  migrations: [LedgerTables1760000000003],
  systemPurposes: {},
});

const numbered = z.object({ key: z.string(), number: z.number().int() });
export type Numbered = z.infer<typeof numbered>;

/** Emitted in the unit of work that counts a series up: exactly once is promised. */
export const seriesAdvanced = defineEvent({
  type: 'chaos.series.advanced.v1',
  topic: 'tollgate.chaos.series',
  description: 'The next number of a series was taken.',
  data: numbered,
});

/** Published without an outbox, as usage is: at least once is promised, the consumer recognises what it knows. */
export const tallyReported = defineEvent({
  type: 'chaos.tally.reported.v1',
  topic: 'tollgate.chaos.tally',
  description: 'A producer counted one further.',
  data: numbered,
});
