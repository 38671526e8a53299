import { globalTable } from '@tollgate/persistence';

/** Name of the system purpose and of the table, with the reasons that a service's schema states when it sends mail. */
export const mailDelivery = {
  systemPurposes: { 'mail-delivery': 'sends the mails of all tenants' },
  systemTables: { mails: 'the sender takes the mails of all tenants' },
  globalTables: {
    mails: 'mail goes to people, who may belong to several tenants or none; the app role may only add to it',
  },
} as const;

/** SQL of the table of mails of a service schema. */
export function mailsTable(schema: string): string {
  return `
    create table ${schema}.mails (
      id text primary key,
      recipient text not null,
      subject text not null,
      sealed_text text,
      status text not null check (status in ('queued', 'sent', 'captured', 'failed')),
      attempts integer not null default 0,
      next_attempt_at timestamptz not null default now(),
      last_error text,
      created_at timestamptz not null default now()
    );
    create index mails_queued on ${schema}.mails (next_attempt_at) where status = 'queued';
    create index mails_recipient on ${schema}.mails (recipient, id);
    ${globalTable(`${schema}.mails`, { app: ['insert'], system: ['select', 'insert', 'update', 'delete'] })}`;
}
