import { Inject, Injectable } from '@nestjs/common';
import { ServiceClient } from '@tollgate/auth';
import { listGroupSnapshots, type Reconciliation } from '@tollgate/contracts/rest/gateway';
import { snapshotTenants } from '@tollgate/contracts/rest/iam';
import { Database } from '@tollgate/persistence';
import { GatewayGroupsRepository } from '../gateway-groups/gateway-groups.repository.ts';
import { ProductUnbinding } from '../products/product-unbinding.ts';
import { everyPage } from '../shared/every-page.ts';
import { PortalSitesRepository } from '../sites/portal-sites.repository.ts';

/**
 * Compares what is known of tenants and gateway groups with their owners' snapshots, puts right what differs and tells how much did.
 * Each object is taken in by itself, like an event, so events that arrive meanwhile are neither lost nor undone.
 */
@Injectable()
export class ProjectionsReconciler {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServiceClient) private readonly client: ServiceClient,
    @Inject(PortalSitesRepository) private readonly sites: PortalSitesRepository,
    @Inject(GatewayGroupsRepository) private readonly groups: GatewayGroupsRepository,
    @Inject(ProductUnbinding) private readonly products: ProductUnbinding,
  ) {}

  async reconcile(): Promise<Reconciliation> {
    const result: Reconciliation = { checked: 0, drift: 0 };
    const count = (isChanged: boolean): void => {
      result.checked += 1;
      if (isChanged) result.drift += 1;
    };
    for await (const { tenantId, slug, name, status, version } of everyPage((query) =>
      this.client.call(snapshotTenants, { query }),
    )) {
      const tenant = { slug, name, signUpOpen: status === 'active', tenantVersion: version };
      count(await this.database.inTenant(tenantId, (unit) => this.sites.mirror(unit, tenant)));
      await this.#reconcileGroups(tenantId, count);
    }
    return result;
  }

  /** What was known before the owner was asked, and the owner does not name, is deleted. */
  async #reconcileGroups(tenantId: string, count: (isChanged: boolean) => void): Promise<void> {
    const gone = new Set(await this.database.inTenant(tenantId, (unit) => this.groups.listIds(unit)));
    for await (const { groupId: id, name, hosts } of everyPage((query) =>
      this.client.call(listGroupSnapshots, { tenantId, query }),
    )) {
      gone.delete(id);
      count(await this.database.inTenant(tenantId, (unit) => this.groups.mirror(unit, { id, name, hosts })));
    }
    for (const id of gone) {
      await this.database.inTenant(tenantId, async (unit) => {
        await this.groups.markDeleted(unit, id);
        await this.products.unbind(unit, id);
      });
      count(true);
    }
  }
}
