import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@tollgate/persistence';

/** A table whose rows are deleted some time after what they are about, and the column that says when that was. */
export interface ExpiringTable {
  readonly table: string;
  readonly column: string;
  readonly keepDays: number;
}

@Injectable()
export class RetentionRepository {
  /** Deletes some of the rows that are past their time; fewer than `limit` when none is left. */
  async deleteExpired({ manager }: UnitOfWork, expiring: ExpiringTable, limit: number): Promise<number> {
    const { table, column, keepDays } = expiring;
    const [, deleted] = await manager.query<[unknown[], number]>(
      `delete from ${table} where ctid = any (array(
         select ctid from ${table} where ${column} < now() - make_interval(days => $1) limit $2
       ))`,
      [keepDays, limit],
    );
    return deleted;
  }
}
