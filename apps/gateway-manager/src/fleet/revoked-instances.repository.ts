import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@tollgate/persistence';

/** After its certificate's end and the 90 days of grace a revoked instance is refused by time alone. */
const forgottenAfter = '120 days';

/** Which instances are revoked, across tenants: the link checks before it knows the tenant. */
@Injectable()
export class RevokedInstancesRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  async revokedIds(): Promise<string[]> {
    const rows = await this.database.inSystem('link', ({ manager }) =>
      manager.query<{ id: string }[]>(
        `select id from gateway.data_planes where revoked_at > now() - interval '${forgottenAfter}'`,
      ),
    );
    return rows.map(({ id }) => id);
  }
}
