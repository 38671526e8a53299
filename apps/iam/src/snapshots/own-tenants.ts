import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@tollgate/persistence';
import { everyPage, type Tenants } from '@tollgate/projections';
import { tenantsRepository } from '../tenants/tenants.repository.ts';

/** Names all tenants from this service's own table. */
@Injectable()
export class OwnTenants implements Tenants {
  constructor(@Inject(Database) private readonly database: Database) {}

  async *ids(): AsyncGenerator<string> {
    const readPage = (query: { limit: number; cursor?: string }) =>
      this.database.inSystem('snapshot', (unit) => tenantsRepository.list(unit, {}, query));
    for await (const { id } of everyPage(readPage)) yield id;
  }
}
