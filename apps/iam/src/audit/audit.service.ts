import { Inject, Injectable } from '@nestjs/common';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import type {
  AuditLogEntry,
  AuditVerification,
  listAuditEntries,
  verifyAuditEntries,
} from '@tollgate/contracts/rest/iam';
import { Database, mapPage, readPage, type UnitOfWork } from '@tollgate/persistence';
import { tenantOf } from '@tollgate/platform';
import { Between, In } from 'typeorm';
import { AuditEntryEntity, AuditPersonalEntity } from './audit-entry.entity.ts';
import { verifyChain } from './audit-verification.ts';

const beginningOfTime = new Date(0);
const endOfTime = new Date('9999-12-31T23:59:59Z');

/** The audit log as members read it. */
@Injectable()
export class AuditService {
  constructor(@Inject(Database) private readonly database: Database) {}

  list(call: EndpointCall<typeof listAuditEntries>): Promise<Page<AuditLogEntry>> {
    const { action, actorId, objectId, from, to, ...page } = call.query;
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const occurredAt = Between(from ? new Date(from) : beginningOfTime, to ? new Date(to) : endOfTime);
      const where = Object.fromEntries(
        Object.entries({ action, actorId, objectId }).filter(([, value]) => value !== undefined),
      );
      const query = unit.manager.createQueryBuilder(AuditEntryEntity, 'entry').where({ ...where, occurredAt });
      const rows = await readPage(query, page, { by: 'sequence', direction: 'desc' });
      const personal = await personalOf(unit, rows.items);
      return mapPage(rows, (row) => toLogEntry(row, personal.get(row.sequence)));
    });
  }

  verify(call: EndpointCall<typeof verifyAuditEntries>): Promise<AuditVerification> {
    const tenantId = tenantOf(call);
    return this.database.inTenant(tenantId, (unit) => verifyChain(unit, tenantId));
  }
}

async function personalOf(
  unit: UnitOfWork,
  entries: readonly AuditEntryEntity[],
): Promise<Map<string, AuditPersonalEntity>> {
  const sequences = entries.map(({ sequence }) => sequence);
  const rows = await unit.manager.findBy(AuditPersonalEntity, { sequence: In(sequences) });
  return new Map(rows.map((row) => [row.sequence, row]));
}

function toLogEntry(row: AuditEntryEntity, personal: AuditPersonalEntity | undefined): AuditLogEntry {
  return {
    sequence: Number(row.sequence),
    occurredAt: row.occurredAt.toISOString(),
    source: row.source,
    action: row.action,
    actor: { kind: row.actorKind, id: row.actorId, name: personal?.actorName ?? null },
    object: { kind: row.objectKind, id: row.objectId },
    address: personal?.address ?? null,
    requestId: row.requestId,
    details: { ...row.details },
    hash: row.hash,
  };
}
