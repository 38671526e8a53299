import { Inject, Injectable } from '@nestjs/common';
import type { Page, PageQuery } from '@tollgate/contracts/rest';
import type { QuotaSnapshot } from '@tollgate/contracts/rest/analytics';
import { Database } from '@tollgate/persistence';
import { QuotasRepository } from './quotas.repository.ts';

/** What was told of quotas, for those who keep a copy. */
@Injectable()
export class QuotaSnapshotsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(QuotasRepository) private readonly quotas: QuotasRepository,
  ) {}

  list(tenantId: string, query: PageQuery): Promise<Page<QuotaSnapshot>> {
    return this.database.inTenant(tenantId, (unit) => this.quotas.listTold(unit, query));
  }
}
