import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type AuditEntry, auditEntryRecorded } from '@tollgate/contracts/events';
import { OnEvent, type ReceivedEvent } from '@tollgate/messaging';
import type { UnitOfWork } from '@tollgate/persistence';
import { UserEntity } from '../users/user.entity.ts';
import { chainHash, genesisHash, personalHash } from './audit-chain.ts';
import { AuditChainEntity, AuditEntryEntity, AuditPersonalEntity } from './audit-entry.entity.ts';

/** Chain of what operators do that is about no tenant. */
export const platformChain = 'platform';

/** Appends what services report to the tenant's chain: in the order of the topic, exactly once, one at a time per tenant. */
@Injectable()
export class AuditLedger {
  @OnEvent(auditEntryRecorded, { consumer: 'audit', systemPurpose: 'audit-append' })
  async append({ envelope, data, tenantId }: ReceivedEvent<AuditEntry>, unit: UnitOfWork): Promise<void> {
    const chain = await lockChain(unit, tenantId ?? platformChain);
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
      personalHash: personal === null ? null : personalHash(personal),
    };
    const hash = chainHash(chain.headHash, entry);
    await unit.manager.insert(AuditEntryEntity, { ...entry, hash });
    if (personal !== null) await unit.manager.insert(AuditPersonalEntity, personal);
    await unit.manager.update(AuditChainEntity, chain.tenantId, { lastSequence: sequence, headHash: hash });
  }
}

async function lockChain(unit: UnitOfWork, tenantId: string): Promise<AuditChainEntity> {
  await unit.manager
    .createQueryBuilder()
    .insert()
    .into(AuditChainEntity)
    .values({ tenantId, lastSequence: '0', headHash: genesisHash, baseSequence: '0', baseHash: genesisHash })
    .orIgnore()
    .execute();
  return unit.manager.findOneOrFail(AuditChainEntity, { where: { tenantId }, lock: { mode: 'pessimistic_write' } });
}

/** Null where there is none, and for people who were erased while their entry was on its way. */
async function personalOf(
  unit: UnitOfWork,
  { actor, address }: AuditEntry,
  key: { tenantId: string; sequence: string },
): Promise<AuditPersonalEntity | null> {
  if (actor.name === undefined && address === undefined) return null;
  const isPerson = actor.kind === 'user' || actor.kind === 'operator';
  if (isPerson && !(await unit.manager.existsBy(UserEntity, { id: actor.id }))) return null;
  return {
    ...key,
    actorId: actor.id,
    salt: randomBytes(16).toString('hex'),
    actorName: actor.name ?? null,
    address: address ?? null,
  };
}
