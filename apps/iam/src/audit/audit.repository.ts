import type { Page } from '@tollgate/contracts/rest';
import { type PageRequest, readPage, type UnitOfWork } from '@tollgate/persistence';
import { Between, MoreThan, type QueryDeepPartialEntity } from 'typeorm';
import { genesisHash } from './audit-chain.ts';
import { AuditChainEntity, AuditEntryEntity, AuditPersonalEntity } from './audit-entry.entity.ts';

/** Which entries a list shows. */
export interface AuditFilter {
  action?: string | undefined;
  actorId?: string | undefined;
  objectKind?: string | undefined;
  objectId?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

const beginningOfTime = new Date(0);
const endOfTime = new Date('9999-12-31T23:59:59Z');

/** The audit log: read in units of a tenant, written in system units. */
export const auditRepository = {
  /** Newest first. */
  list(unit: UnitOfWork, { from, to, ...equal }: AuditFilter, page: PageRequest): Promise<Page<AuditEntryEntity>> {
    const occurredAt = Between(from ? new Date(from) : beginningOfTime, to ? new Date(to) : endOfTime);
    const where = Object.fromEntries(Object.entries(equal).filter(([, value]) => value !== undefined));
    const query = unit.manager.createQueryBuilder(AuditEntryEntity, 'entry').where({ ...where, occurredAt });
    return readPage(query, page, { by: 'sequence', direction: 'desc' });
  },

  /** The next entries of a chain, in its order. */
  listAfter: (unit: UnitOfWork, tenantId: string, sequence: bigint, limit: number): Promise<AuditEntryEntity[]> =>
    unit.manager.find(AuditEntryEntity, {
      where: { tenantId, sequence: MoreThan(String(sequence)) },
      order: { sequence: 'ASC' },
      take: limit,
    }),

  /** Personal data that belongs to these entries, by sequence. All entries are of one tenant and near each other. */
  async personalOf(unit: UnitOfWork, entries: readonly AuditEntryEntity[]): Promise<Map<string, AuditPersonalEntity>> {
    const [first] = entries;
    if (first === undefined) return new Map();
    const { tenantId } = first;
    const sequences = entries.map(({ sequence }) => sequence);
    const rows = await unit.manager
      .createQueryBuilder(AuditPersonalEntity, 'personal')
      .where('personal.tenantId = :tenantId and personal.sequence = any(:sequences)', { tenantId, sequences })
      .getMany();
    return new Map(rows.map((row) => [row.sequence, row]));
  },

  findChain: (unit: UnitOfWork, tenantId: string): Promise<AuditChainEntity | null> =>
    unit.manager.findOneBy(AuditChainEntity, { tenantId }),

  /** The end of a chain, made when it is the first entry's; locked, so that entries are appended one at a time. */
  async lockChain(unit: UnitOfWork, tenantId: string): Promise<AuditChainEntity> {
    const empty = { lastSequence: '0', headHash: genesisHash, baseSequence: '0', baseHash: genesisHash };
    const values = { tenantId, ...empty };
    await unit.manager.createQueryBuilder().insert().into(AuditChainEntity).values(values).orIgnore().execute();
    return unit.manager.findOneOrFail(AuditChainEntity, { where: { tenantId }, lock: { mode: 'pessimistic_write' } });
  },

  /** Adds the entry and moves the end of its chain. */
  async append(unit: UnitOfWork, entry: AuditEntryEntity, personal: AuditPersonalEntity | null): Promise<void> {
    const { tenantId, sequence, hash } = entry;
    await unit.manager.insert(AuditEntryEntity, entry as QueryDeepPartialEntity<AuditEntryEntity>);
    if (personal !== null) await unit.manager.insert(AuditPersonalEntity, personal);
    await unit.manager.update(AuditChainEntity, tenantId, { lastSequence: sequence, headHash: hash });
  },

  listPersonalOf: (unit: UnitOfWork, actorId: string, limit: number): Promise<AuditPersonalEntity[]> =>
    unit.manager.find(AuditPersonalEntity, { where: { actorId }, order: { sequence: 'DESC' }, take: limit }),

  async erasePersonalOf(unit: UnitOfWork, actorId: string): Promise<void> {
    await unit.manager.delete(AuditPersonalEntity, { actorId });
  },
};
