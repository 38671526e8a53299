import { Inject, Injectable } from '@nestjs/common';
import { ServiceClient } from '@tollgate/auth';
import type { Reconciliation } from '@tollgate/contracts/rest';
import { snapshotTenants } from '@tollgate/contracts/rest/iam';
import { Database } from '@tollgate/persistence';
import { AsProjection, everyPage, type Projection } from '@tollgate/projections';
import { PortalSitesRepository } from './portal-sites.repository.ts';

/** That every tenant has a site, and that nobody can sign up at a suspended tenant's. */
@AsProjection('portal-sites')
@Injectable()
export class PortalSitesProjection implements Projection {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServiceClient) private readonly client: ServiceClient,
    @Inject(PortalSitesRepository) private readonly sites: PortalSitesRepository,
  ) {}

  async reconcile(tenantId: string): Promise<Reconciliation> {
    const result = { checked: 0, drift: 0 };
    const tenants = everyPage((query) => this.client.call(snapshotTenants, { tenantId, query }));
    for await (const { slug, name, status, version } of tenants) {
      const tenant = { slug, name, signUpOpen: status === 'active', tenantVersion: version };
      result.checked += 1;
      if (await this.database.inTenant(tenantId, (unit) => this.sites.mirror(unit, tenant))) result.drift += 1;
    }
    return result;
  }
}
