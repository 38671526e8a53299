import { createHash } from 'node:crypto';
import { canonicalJson } from '@tollgate/contracts/gateway';
import type { AuditEntryEntity, AuditPersonalEntity } from './audit-entry.entity.ts';

/** Hash before the first entry of every chain. */
export const genesisHash = '0'.repeat(64);

/** Everything of an entry that the chain protects. */
export type ChainedEntry = Omit<AuditEntryEntity, 'hash'>;

/** Hash of an entry: over the hash before it and all its fields, so no entry can be changed, removed, added or moved unseen. */
export function chainHash(previousHash: string, entry: ChainedEntry): string {
  return sha256(
    canonicalJson({
      previousHash,
      tenantId: entry.tenantId,
      sequence: entry.sequence,
      eventId: entry.eventId,
      source: entry.source,
      occurredAt: entry.occurredAt.toISOString(),
      action: entry.action,
      actor: [entry.actorKind, entry.actorId],
      object: [entry.objectKind, entry.objectId],
      requestId: entry.requestId,
      details: entry.details,
      personalHash: entry.personalHash,
      // Entries from before there were changes have the hash that they had.
      ...(entry.changes === null ? {} : { changes: entry.changes }),
    }),
  );
}

/** What the chain holds instead of personal data. The salt goes with the data, so that erased data cannot be guessed from the hash. */
export function personalHash({
  salt,
  actorName,
  address,
}: Pick<AuditPersonalEntity, 'salt' | 'actorName' | 'address'>): string {
  return sha256(canonicalJson({ salt, actorName, address }));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
