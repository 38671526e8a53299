import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@tollgate/contracts';
import type { Page } from '@tollgate/contracts/rest';
import { Database, type PageRequest, readPage, type UnitOfWork } from '@tollgate/persistence';
import { IsNull } from 'typeorm';
import { PoolEntity } from './pool.entity.ts';

/** Rows of pools; a tenant sees its own, the system units see the shared ones. */
@Injectable()
export class PoolsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  list(tenantId: string, page: PageRequest): Promise<Page<PoolEntity>> {
    return this.database.inTenant(tenantId, ({ manager }) =>
      readPage(manager.createQueryBuilder(PoolEntity, 'pool'), page),
    );
  }

  find(tenantId: string, poolId: string): Promise<PoolEntity | null> {
    return this.database.inTenant(tenantId, ({ manager }) => manager.findOneBy(PoolEntity, { id: poolId }));
  }

  listShared(page: PageRequest): Promise<Page<PoolEntity>> {
    return this.database.inSystem('shared-pools', ({ manager }) =>
      readPage(manager.createQueryBuilder(PoolEntity, 'pool').where('pool.tenant_id is null'), page),
    );
  }

  findShared(poolId: string): Promise<PoolEntity | null> {
    return this.database.inSystem('shared-pools', ({ manager }) =>
      manager.findOneBy(PoolEntity, { id: poolId, tenantId: IsNull() }),
    );
  }

  /** Adds a shared pool in a system unit. */
  async addShared({ manager }: UnitOfWork, name: string): Promise<PoolEntity> {
    const now = new Date();
    const pool = manager.create(PoolEntity, {
      id: newId('pool'),
      tenantId: null,
      name,
      kind: 'shared',
      version: 1,
      createdAt: now,
      updatedAt: now,
    });
    await manager.insert(PoolEntity, pool);
    return pool;
  }
}
