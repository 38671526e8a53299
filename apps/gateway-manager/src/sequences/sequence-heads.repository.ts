import { Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import { GroupHash, type Sequence } from '@tollgate/contracts/gateway';
import type { UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';

/** Where a sequence of a group stands. */
export interface SequenceHead {
  position: number;
  hash: string;
}

/** Names one sequence of one group. */
export interface SequenceKey {
  groupId: string;
  sequence: Sequence;
}

/** Heads of the two sequences. Locking a head makes writers of one sequence of one group take turns; the other is free. */
@Injectable()
export class SequenceHeadsRepository {
  /** Heads of a new group, both at 0. */
  async insert({ manager, tenantId }: UnitOfWork, groupId: string): Promise<void> {
    await manager.query(
      `insert into sequence_heads (tenant_id, group_id, sequence, position, hash)
       select $1, $2, sequence, 0, $3 from unnest(array['revision', 'access']) as sequence`,
      [tenantId, groupId, GroupHash.empty().value],
    );
  }

  /** @throws ApiError `resource.not_found` for a group that the tenant does not have. */
  async get(unit: UnitOfWork, key: SequenceKey): Promise<SequenceHead> {
    return this.#read(unit, key, '');
  }

  /** Waits for writers and keeps them out until the unit ends. @throws ApiError `resource.not_found` */
  async lock(unit: UnitOfWork, key: SequenceKey): Promise<SequenceHead> {
    return this.#read(unit, key, 'for update');
  }

  /** Keeps writers, not other readers, out until the unit ends. @throws ApiError `resource.not_found` */
  async hold(unit: UnitOfWork, key: SequenceKey): Promise<SequenceHead> {
    return this.#read(unit, key, 'for share');
  }

  async move({ manager }: UnitOfWork, key: SequenceKey, head: SequenceHead): Promise<void> {
    await manager.query('update sequence_heads set position = $3, hash = $4 where group_id = $1 and sequence = $2', [
      key.groupId,
      key.sequence,
      head.position,
      head.hash,
    ]);
  }

  async #read({ manager }: UnitOfWork, key: SequenceKey, lock: '' | 'for update' | 'for share'): Promise<SequenceHead> {
    const [head] = await manager.query<SequenceHead[]>(
      `select position, hash from sequence_heads where group_id = $1 and sequence = $2 ${lock}`,
      [key.groupId, key.sequence],
    );
    if (!head) throw new ApiError(commonErrors.notFound);
    return head;
  }
}
