import { Inject, Injectable } from '@nestjs/common';
import { ServiceClient } from '@tollgate/auth';
import type { Reconciliation } from '@tollgate/contracts/rest';
import { listPriceSnapshots } from '@tollgate/contracts/rest/analytics';
import { Database } from '@tollgate/persistence';
import { AsProjection, everyPage, isUnderWay, type Projection } from '@tollgate/projections';
import { PricesRepository } from './prices.repository.ts';

/** Prices of plan versions. One that was set just now is left to its event; one that analytics does not know is none. */
@AsProjection('prices')
@Injectable()
export class PricesProjection implements Projection {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServiceClient) private readonly client: ServiceClient,
    @Inject(PricesRepository) private readonly prices: PricesRepository,
  ) {}

  async reconcile(tenantId: string): Promise<Reconciliation> {
    const { database, prices } = this;
    const left = new Set(await database.inTenant(tenantId, (unit) => prices.listIds(unit)));
    const result = { checked: 0, drift: 0 };
    for await (const price of everyPage((query) => this.client.call(listPriceSnapshots, { tenantId, query }))) {
      result.checked += 1;
      if (!left.delete(price.priceId) && isUnderWay(price.createdAt)) continue;
      if (await database.inTenant(tenantId, (unit) => prices.save(unit, price))) result.drift += 1;
    }
    for (const priceId of left) {
      result.checked += 1;
      result.drift += 1;
      await database.inTenant(tenantId, (unit) => prices.remove(unit, priceId));
    }
    return result;
  }
}
