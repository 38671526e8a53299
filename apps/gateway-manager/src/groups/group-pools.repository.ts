import { Injectable } from '@nestjs/common';
import { newId } from '@tollgate/contracts';
import { commonErrors } from '@tollgate/contracts/errors';
import { isForeignKeyViolation, type UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { PoolEntity } from '../pools/pool.entity.ts';

/** Pools of self-hosted groups, which come and go with them. */
@Injectable()
export class GroupPoolsRepository {
  /** Makes the pool of a self-hosted group and returns its id. */
  async insert({ manager, tenantId }: UnitOfWork, name: string): Promise<string> {
    const id = newId('pool');
    await manager.insert(PoolEntity, { id, tenantId, name, kind: 'self-hosted' });
    return id;
  }

  /** Revokes the pool's enrolment tokens; waits for whoever is enrolling by one. */
  async closeEnrolment({ manager }: UnitOfWork, poolId: string): Promise<void> {
    await manager.query('update enrolment_tokens set revoked_at = now() where pool_id = $1 and revoked_at is null', [
      poolId,
    ]);
  }

  /** Data planes of the pool that are not revoked. */
  findEnrolled({ manager }: UnitOfWork, poolId: string): Promise<{ id: string; name: string }[]> {
    return manager.query('select id, name from data_planes where pool_id = $1 and revoked_at is null order by id', [
      poolId,
    ]);
  }

  /**
   * Deletes the pool, unless revoked data planes are remembered in it.
   * @throws ApiError `resource.in_use` when a data plane has enrolled this moment.
   */
  async deleteUnlessRemembered({ manager }: UnitOfWork, poolId: string): Promise<void> {
    try {
      await manager.query(
        'delete from pools where id = $1 and not exists (select from data_planes where pool_id = $1)',
        [poolId],
      );
    } catch (cause) {
      if (!isForeignKeyViolation(cause)) throw cause;
      throw new ApiError(commonErrors.inUse, {
        detail: 'A data plane is being enrolled into the pool of this group.',
        cause,
      });
    }
  }
}
