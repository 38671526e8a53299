import type { AuditVerification } from '@tollgate/contracts/rest/iam';
import type { UnitOfWork } from '@tollgate/persistence';
import { chainHash, genesisHash, personalHash } from './audit-chain.ts';
import { auditRepository } from './audit.repository.ts';

const batchSize = 1_000;

/**
 * Recomputes a tenant's chain from where it begins now: every sequence is there, every hash fits, personal data that is not erased is what was recorded, and the
 * chain ends where it should.
 */
export async function verifyChain(unit: UnitOfWork, tenantId: string): Promise<AuditVerification> {
  const end = await auditRepository.findChain(unit, tenantId);
  const base = BigInt(end?.baseSequence ?? 0);
  let hash = end?.baseHash ?? genesisHash;
  let sequence = base;
  for (;;) {
    const entries = await auditRepository.listAfter(unit, tenantId, sequence, batchSize);
    if (entries.length === 0) break;
    const personal = await auditRepository.personalOf(unit, entries);
    for (const entry of entries) {
      sequence += 1n;
      const data = personal.get(entry.sequence);
      const fits =
        entry.sequence === String(sequence) &&
        entry.hash === chainHash(hash, entry) &&
        (data === undefined || personalHash(data) === entry.personalHash);
      if (!fits) return verification(sequence - base - 1n, hash, Number(sequence));
      hash = entry.hash;
    }
  }
  const isComplete = end === null ? sequence === 0n : end.headHash === hash && end.lastSequence === String(sequence);
  return verification(sequence - base, hash, isComplete ? null : Number(sequence + 1n));
}

function verification(entries: bigint, headHash: string, brokenAt: number | null): AuditVerification {
  return { intact: brokenAt === null, entries: Number(entries), brokenAt, headHash };
}
