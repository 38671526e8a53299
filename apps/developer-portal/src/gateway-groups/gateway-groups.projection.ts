import { Inject, Injectable } from '@nestjs/common';
import { ServiceClient } from '@tollgate/auth';
import type { Reconciliation } from '@tollgate/contracts/rest';
import { listGroupSnapshots } from '@tollgate/contracts/rest/gateway';
import { Database } from '@tollgate/persistence';
import { AsProjection, everyPage, type Projection } from '@tollgate/projections';
import { ProductUnbinding } from '../products/product-unbinding.ts';
import { GatewayGroupsRepository } from './gateway-groups.repository.ts';

/** Names and hosts of gateway groups, and which of them are gone; those are taken out of the products. */
@AsProjection('gateway-groups')
@Injectable()
export class GatewayGroupsProjection implements Projection {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServiceClient) private readonly client: ServiceClient,
    @Inject(GatewayGroupsRepository) private readonly groups: GatewayGroupsRepository,
    @Inject(ProductUnbinding) private readonly products: ProductUnbinding,
  ) {}

  /** What was known before the owner was asked, and contradicts its answer, is wrong; what became known since is newer than the answer. */
  async reconcile(tenantId: string): Promise<Reconciliation> {
    const { database, groups } = this;
    const before = await database.inTenant(tenantId, (unit) => groups.listKnown(unit));
    const known = new Map(before.map(({ id, deleted }) => [id, deleted]));
    const result = { checked: 0, drift: 0 };
    const listed = everyPage((query) => this.client.call(listGroupSnapshots, { tenantId, query }));
    for await (const { groupId: id, name, hosts, addresses } of listed) {
      const undelete = known.get(id) === true;
      known.delete(id);
      result.checked += 1;
      const isDrift = await database.inTenant(tenantId, (unit) =>
        groups.mirror(unit, { id, name, hosts, addresses }, undelete),
      );
      if (isDrift) result.drift += 1;
    }
    for (const [id, isDeleted] of known) {
      if (isDeleted) continue;
      result.checked += 1;
      result.drift += 1;
      await database.inTenant(tenantId, async (unit) => {
        await groups.markDeleted(unit, id);
        await this.products.unbind(unit, id);
      });
    }
    return result;
  }
}
