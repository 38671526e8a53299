import { Inject, Injectable } from '@nestjs/common';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import type {
  AuditLogEntry,
  AuditVerification,
  listAuditEntries,
  verifyAuditEntries,
} from '@tollgate/contracts/rest/iam';
import { Database, mapPage } from '@tollgate/persistence';
import { tenantOf } from '@tollgate/platform';
import type { AuditEntryEntity, AuditPersonalEntity } from './audit-entry.entity.ts';
import { auditRepository } from './audit.repository.ts';
import { verifyChain } from './audit-verification.ts';

/** The audit log as members read it. */
@Injectable()
export class AuditService {
  constructor(@Inject(Database) private readonly database: Database) {}

  list(call: EndpointCall<typeof listAuditEntries>): Promise<Page<AuditLogEntry>> {
    const { limit, cursor, ...filter } = call.query;
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const rows = await auditRepository.list(unit, filter, { limit, cursor });
      const personal = await auditRepository.personalOf(unit, rows.items);
      return mapPage(rows, (row) => toLogEntry(row, personal.get(row.sequence)));
    });
  }

  verify(call: EndpointCall<typeof verifyAuditEntries>): Promise<AuditVerification> {
    const tenantId = tenantOf(call);
    return this.database.inTenant(tenantId, (unit) => verifyChain(unit, tenantId));
  }
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
    changes: row.changes,
    hash: row.hash,
  };
}
