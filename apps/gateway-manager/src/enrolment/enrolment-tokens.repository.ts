import { Inject, Injectable } from '@nestjs/common';
import type { Page } from '@tollgate/contracts/rest';
import { Database, type PageRequest, readPage, type UnitOfWork } from '@tollgate/persistence';
import { PoolEntity } from '../pools/pool.entity.ts';
import { EnrolmentTokenEntity } from './enrolment-token.entity.ts';

/** Rows of enrolment tokens, inside the units of work of the services here. */
@Injectable()
export class EnrolmentTokensRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Null when the tenant has no such pool. */
  list(tenantId: string, poolId: string, page: PageRequest): Promise<Page<EnrolmentTokenEntity> | null> {
    return this.database.inTenant(tenantId, async (unit) => {
      if (!(await this.hasPool(unit, poolId))) return null;
      const ofPool = unit.manager.createQueryBuilder(EnrolmentTokenEntity, 'token').where({ poolId });
      return readPage(ofPool, page);
    });
  }

  /** Whether the unit's tenant, or the operator in a system unit, has the pool. */
  hasPool({ manager, tenantId }: UnitOfWork, poolId: string): Promise<boolean> {
    return manager
      .createQueryBuilder(PoolEntity, 'pool')
      .where('pool.id = :poolId and pool.tenant_id is not distinct from :tenantId', { poolId, tenantId })
      .getExists();
  }

  async add({ manager }: UnitOfWork, token: EnrolmentTokenEntity): Promise<void> {
    await manager.insert(EnrolmentTokenEntity, token);
  }

  /** Revokes once; false when there is no such token in the pool. */
  async revoke({ manager }: UnitOfWork, poolId: string, tokenId: string): Promise<boolean> {
    const token = await manager.findOneBy(EnrolmentTokenEntity, { id: tokenId, poolId });
    if (token === null) return false;
    if (token.revokedAt === null)
      await manager.update(EnrolmentTokenEntity, { id: tokenId }, { revokedAt: new Date() });
    return true;
  }

  /** The row, locked so that a one-time token is used by one data plane only. */
  findForUse({ manager }: UnitOfWork, tokenId: string): Promise<EnrolmentTokenEntity | null> {
    return manager.findOne(EnrolmentTokenEntity, { where: { id: tokenId }, lock: { mode: 'pessimistic_write' } });
  }

  async countUse({ manager }: UnitOfWork, tokenId: string): Promise<void> {
    await manager.increment(EnrolmentTokenEntity, { id: tokenId }, 'uses', 1);
  }
}
