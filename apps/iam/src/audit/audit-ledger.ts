import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type AuditEntry, auditEntryRecorded } from '@tollgate/contracts/events';
import { OnEvent, type ReceivedEvent } from '@tollgate/messaging';
import type { UnitOfWork } from '@tollgate/persistence';
import { usersRepository } from '../users/users.repository.ts';
import { chainHash, personalHash } from './audit-chain.ts';
import type { AuditPersonalEntity } from './audit-entry.entity.ts';
import { auditRepository } from './audit.repository.ts';

/** Chain of what operators do that is about no tenant. */
export const platformChain = 'platform';

/** Appends what services report to the tenant's chain: in the order of the topic, exactly once, one at a time per tenant. */
@Injectable()
export class AuditLedger {
  @OnEvent(auditEntryRecorded, { consumer: 'audit', systemPurpose: 'audit-append' })
  async append({ envelope, data, tenantId }: ReceivedEvent<AuditEntry>, unit: UnitOfWork): Promise<void> {
    const chain = await auditRepository.lockChain(unit, tenantId ?? platformChain);
    const sequence = String(BigInt(chain.lastSequence) + 1n);
    const personal = await personalOf(unit, data, { tenantId: chain.tenantId, sequence });
    const entry = {
      tenantId: chain.tenantId,
      sequence,
      eventId: envelope.id,
      source: envelope.source,
      occurredAt: new Date(envelope.time),
      action: data.action,
      actorKind: data.actor.kind,
      actorId: data.actor.id,
      objectKind: data.object.kind,
      objectId: data.object.id,
      requestId: data.requestId ?? null,
      details: data.details,
      changes: data.changes ?? null,
      personalHash: personal === null ? null : personalHash(personal),
    };
    const hash = chainHash(chain.headHash, entry);
    await auditRepository.append(unit, { ...entry, hash }, personal);
  }
}

/** Null where there is none, and for people who were erased while their entry was on its way. */
async function personalOf(
  unit: UnitOfWork,
  { actor, address }: AuditEntry,
  key: { tenantId: string; sequence: string },
): Promise<AuditPersonalEntity | null> {
  if (actor.name === undefined && address === undefined) return null;
  const isPerson = actor.kind === 'user' || actor.kind === 'operator';
  if (isPerson && !(await usersRepository.exists(unit, actor.id))) return null;
  return {
    ...key,
    actorId: actor.id,
    salt: randomBytes(16).toString('hex'),
    actorName: actor.name ?? null,
    address: address ?? null,
  };
}
