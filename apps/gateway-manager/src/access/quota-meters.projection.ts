import { Inject, Injectable } from '@nestjs/common';
import { ServiceClient } from '@tollgate/auth';
import type { Reconciliation } from '@tollgate/contracts/rest';
import { listQuotaSnapshots, type QuotaSnapshot } from '@tollgate/contracts/rest/analytics';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { AsProjection, everyPage, isUnderWay, type Projection } from '@tollgate/projections';
import { PortalProjection } from './portal-projection.ts';
import { QuotaMetersRepository } from './quota-meters.repository.ts';

/** What analytics metered, and the leases that follow from it. What it told just now is left to its event. */
@AsProjection('quota-meters')
@Injectable()
export class QuotaMetersProjection implements Projection {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServiceClient) private readonly client: ServiceClient,
    @Inject(QuotaMetersRepository) private readonly meters: QuotaMetersRepository,
    @Inject(PortalProjection) private readonly projection: PortalProjection,
  ) {}

  async reconcile(tenantId: string): Promise<Reconciliation> {
    const result = { checked: 0, drift: 0 };
    const dataPlanes = await this.database.inSystem('quota-leases', (unit) =>
      this.meters.countDataPlanes(unit, tenantId),
    );
    const quotas = everyPage((query) => this.client.call(listQuotaSnapshots, { tenantId, query }));
    for await (const quota of quotas) {
      result.checked += 1;
      const changed = await this.database.inTenant(tenantId, (unit) => this.#take(unit, quota, dataPlanes));
      if (changed > 0) result.drift += 1;
    }
    return result;
  }

  async #take(unit: UnitOfWork, quota: QuotaSnapshot, dataPlanes: ReadonlyMap<string, number>): Promise<number> {
    const isOlder = (await this.meters.findVersion(unit, quota.subscriptionId)) < quota.version;
    return isOlder && isUnderWay(quota.toldAt) ? 0 : this.projection.putQuotas(unit, [quota], dataPlanes);
  }
}
