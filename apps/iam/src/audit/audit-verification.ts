import type { AuditVerification } from '@tollgate/contracts/rest/iam';
import type { UnitOfWork } from '@tollgate/persistence';
import { MoreThan } from 'typeorm';
import { chainHash, genesisHash, personalHash } from './audit-chain.ts';
import { AuditChainEntity, AuditEntryEntity, AuditPersonalEntity } from './audit-entry.entity.ts';

const batchSize = 1_000;

/**
 * Recomputes a tenant's chain from where it begins now: every sequence is there, every hash fits, personal data that is not erased is what was recorded, and the
 * chain ends where it should.
 */
export async function verifyChain(unit: UnitOfWork, tenantId: string): Promise<AuditVerification> {
  const end = await unit.manager.findOneBy(AuditChainEntity, { tenantId });
  const base = BigInt(end?.baseSequence ?? 0);
  let hash = end?.baseHash ?? genesisHash;
  let sequence = base;
  for (;;) {
    const after = { tenantId, sequence: MoreThan(String(sequence)) };
    const entries = await unit.manager.find(AuditEntryEntity, {
      where: after,
      order: { sequence: 'ASC' },
      take: batchSize,
    });
    if (entries.length === 0) break;
    const personal = await personalBetween(unit, entries);
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

async function personalBetween(
  unit: UnitOfWork,
  entries: readonly AuditEntryEntity[],
): Promise<Map<string, AuditPersonalEntity>> {
  const rows = await unit.manager
    .createQueryBuilder(AuditPersonalEntity, 'personal')
    .where('personal.tenantId = :tenantId and personal.sequence between :first and :last', {
      tenantId: entries[0]?.tenantId,
      first: entries[0]?.sequence,
      last: entries.at(-1)?.sequence,
    })
    .getMany();
  return new Map(rows.map((row) => [row.sequence, row]));
}

function verification(entries: bigint, headHash: string, brokenAt: number | null): AuditVerification {
  return { intact: brokenAt === null, entries: Number(entries), brokenAt, headHash };
}
