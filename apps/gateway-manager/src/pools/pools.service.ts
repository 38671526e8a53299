import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { AuditEntry } from '@tollgate/contracts/events';
import type { Page } from '@tollgate/contracts/rest';
import type { Pool } from '@tollgate/contracts/rest/gateway';
import { Database, mapPage, type PageRequest } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import type { PoolEntity } from './pool.entity.ts';
import { PoolsRepository } from './pools.repository.ts';

/** Pools: a self-hosted one comes and goes with its gateway group, shared ones are run by operators. */
@Injectable()
export class PoolsService {
  constructor(
    @Inject(PoolsRepository) private readonly repository: PoolsRepository,
    @Inject(Database) private readonly database: Database,
  ) {}

  async list(tenantId: string, page: PageRequest): Promise<Page<Pool>> {
    return mapPage(await this.repository.list(tenantId, page), toPool);
  }

  /** @throws ApiError `resource.not_found` */
  async get(tenantId: string, poolId: string): Promise<Pool> {
    const row = await this.repository.find(tenantId, poolId);
    if (row === null) throw new ApiError(commonErrors.notFound);
    return toPool(row);
  }

  async listShared(page: PageRequest): Promise<Page<Pool>> {
    return mapPage(await this.repository.listShared(page), toPool);
  }

  /** @throws ApiError `resource.not_found` */
  async getShared(poolId: string): Promise<Pool> {
    const row = await this.repository.findShared(poolId);
    if (row === null) throw new ApiError(commonErrors.notFound);
    return toPool(row);
  }

  async createShared(name: string, audit: (pool: Pool) => AuditEntry): Promise<Pool> {
    return this.database.inSystem('shared-pools', async (unit) => {
      const pool = toPool(await this.repository.addShared(unit, name));
      await unit.audit(audit(pool));
      return pool;
    });
  }
}

function toPool({ id, name, kind, createdAt }: PoolEntity): Pool {
  return { id, name, kind, createdAt: createdAt.toISOString() };
}
