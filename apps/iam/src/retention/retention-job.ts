import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { LOGGER } from '@tollgate/platform';
import type { Logger } from 'pino';

const everyMs = 60 * 60 * 1000;

/** How long each class of data is kept. */
export const retention = {
  sessions: '30 days',
  passwordResets: '7 days',
  mails: '30 days',
  auditEntries: '400 days',
} as const;

/** Deletes what is past its time, once an hour; several instances may do it at once. */
@Injectable()
export class RetentionJob implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.runOnce().catch((err: unknown) =>
        this.logger.warn({ err }, 'retention failed; it is tried again in an hour'),
      );
    }, everyMs);
    this.#timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  async runOnce(): Promise<void> {
    await this.database.inSystem('retention', async (unit) => {
      await deletePeoplesTraces(unit);
      await deleteOldAuditEntries(unit);
    });
  }
}

async function deletePeoplesTraces({ manager }: UnitOfWork): Promise<void> {
  await manager.query(
    `delete from sessions where least(ended_at, expires_at) < now() - interval '${retention.sessions}'`,
  );
  await manager.query(`delete from password_resets where expires_at < now() - interval '${retention.passwordResets}'`);
  await manager.query(
    `delete from mails where status <> 'queued' and created_at < now() - interval '${retention.mails}'`,
  );
}

/** The chain then begins after the last deleted entry, so what is left can still be verified. */
async function deleteOldAuditEntries({ manager }: UnitOfWork): Promise<void> {
  await manager.query(
    `update audit_chains c set base_sequence = e.sequence, base_hash = e.hash
     from audit_entries e
     join (select tenant_id, max(sequence) as sequence from audit_entries
           where occurred_at < now() - interval '${retention.auditEntries}' group by tenant_id) old
       on old.tenant_id = e.tenant_id and old.sequence = e.sequence
     where c.tenant_id = e.tenant_id`,
  );
  for (const table of ['audit_personal', 'audit_entries']) {
    await manager.query(
      `delete from ${table} t using audit_chains c where c.tenant_id = t.tenant_id and t.sequence <= c.base_sequence`,
    );
  }
}
