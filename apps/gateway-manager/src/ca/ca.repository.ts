import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@tollgate/persistence';
import { AuthorityEntity } from './ca.entity.ts';

/** Advisory lock that only one instance of the service holds while it makes certificates of the CA. */
const authorityLock = 7_103_233_107;

/** The rows of the CA. */
@Injectable()
export class AuthorityRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * Reads all rows and lets `complete` add what is missing, while no other instance does the same.
   * @returns the rows after that, oldest first.
   */
  async readAndComplete(
    complete: (rows: readonly AuthorityEntity[]) => Promise<AuthorityEntity[]>,
  ): Promise<AuthorityEntity[]> {
    return this.database.inSystem('certificate-authority', async ({ manager }) => {
      await manager.query('select pg_advisory_xact_lock($1)', [authorityLock]);
      const rows = await manager.find(AuthorityEntity, { order: { notAfter: 'ASC' } });
      const added = await complete(rows);
      if (added.length > 0) await manager.insert(AuthorityEntity, added);
      return [...rows, ...added];
    });
  }
}
