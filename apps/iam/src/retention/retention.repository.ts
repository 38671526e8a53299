import type { UnitOfWork } from '@tollgate/persistence';

/** How long each class of data is kept, as PostgreSQL intervals. */
export const retention = {
  sessions: '30 days',
  passwordResets: '7 days',
  mails: '30 days',
  auditEntries: '400 days',
} as const;

/** Deletes what is past its time, in system units. */
export const retentionRepository = {
  async deletePeoplesTraces({ manager }: UnitOfWork): Promise<void> {
    await manager.query('delete from sessions where least(ended_at, expires_at) < now() - $1::interval', [
      retention.sessions,
    ]);
    await manager.query('delete from password_resets where expires_at < now() - $1::interval', [
      retention.passwordResets,
    ]);
    await manager.query(`delete from mails where status <> 'queued' and created_at < now() - $1::interval`, [
      retention.mails,
    ]);
  },

  /** The chain then begins after the last deleted entry, so what is left can still be verified. */
  async deleteOldAuditEntries({ manager }: UnitOfWork): Promise<void> {
    await manager.query(
      `update audit_chains c set base_sequence = e.sequence, base_hash = e.hash
       from audit_entries e
       join (select tenant_id, max(sequence) as sequence from audit_entries
             where occurred_at < now() - $1::interval group by tenant_id) old
         on old.tenant_id = e.tenant_id and old.sequence = e.sequence
       where c.tenant_id = e.tenant_id`,
      [retention.auditEntries],
    );
    for (const table of ['audit_personal', 'audit_entries']) {
      await manager.query(
        `delete from ${table} t using audit_chains c where c.tenant_id = t.tenant_id and t.sequence <= c.base_sequence`,
      );
    }
  },
};
