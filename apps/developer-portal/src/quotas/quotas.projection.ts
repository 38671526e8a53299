import { Inject, Injectable } from '@nestjs/common';
import { ServiceClient } from '@tollgate/auth';
import type { Reconciliation } from '@tollgate/contracts/rest';
import { listQuotaSnapshots, type QuotaSnapshot } from '@tollgate/contracts/rest/analytics';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { AsProjection, everyPage, isUnderWay, type Projection } from '@tollgate/projections';
import { QuotasRepository } from './quotas.repository.ts';

/** How much of their quotas subscriptions have used. What analytics told just now is left to its event. */
@AsProjection('quotas')
@Injectable()
export class QuotasProjection implements Projection {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServiceClient) private readonly client: ServiceClient,
    @Inject(QuotasRepository) private readonly quotas: QuotasRepository,
  ) {}

  async reconcile(tenantId: string): Promise<Reconciliation> {
    const result = { checked: 0, drift: 0 };
    const quotas = everyPage((query) => this.client.call(listQuotaSnapshots, { tenantId, query }));
    for await (const quota of quotas) {
      result.checked += 1;
      if (await this.database.inTenant(tenantId, (unit) => this.#take(unit, quota))) result.drift += 1;
    }
    return result;
  }

  async #take(unit: UnitOfWork, { version, toldAt, ...quota }: QuotaSnapshot): Promise<boolean> {
    const isOlder = (await this.quotas.findVersion(unit, quota.subscriptionId)) < version;
    return isOlder && isUnderWay(toldAt) ? false : this.quotas.save(unit, quota, { version, countedAt: toldAt });
  }
}
