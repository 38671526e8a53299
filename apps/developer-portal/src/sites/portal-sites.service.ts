import { Inject, Injectable } from '@nestjs/common';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import type { getPortalSite, listPortalSites, PortalSite, updatePortalSite } from '@tollgate/contracts/rest/portal';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { auditOf, tenantOf } from '@tollgate/platform';
import { PortalSitesRepository, type SiteRecord } from './portal-sites.repository.ts';

/** A tenant's portal sites, as its admins see them, and the way from an address to the tenant. */
@Injectable()
export class PortalSitesService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PortalSitesRepository) private readonly sites: PortalSitesRepository,
  ) {}

  list(call: EndpointCall<typeof listPortalSites>): Promise<Page<PortalSite>> {
    return this.database.inTenant(tenantOf(call), (unit) => this.sites.list(unit, call.query));
  }

  get(call: EndpointCall<typeof getPortalSite>): Promise<PortalSite> {
    return this.database.inTenant(tenantOf(call), (unit) => this.sites.get(unit, call.params.siteId));
  }

  update(call: EndpointCall<typeof updatePortalSite>): Promise<PortalSite> {
    const change = async (unit: UnitOfWork): Promise<PortalSite> => {
      const site = await this.sites.change(unit, call.params.siteId, call.ifMatch, call.body);
      const object = { kind: 'portal-site', id: site.id };
      await unit.audit(auditOf(call, { action: 'portal-site.update', object, details: call.body }));
      return site;
    };
    return this.database.inTenant(tenantOf(call), change, call);
  }

  /**
   * The site that an address names, before it is known whose it is.
   * @throws ApiError `resource.not_found`
   */
  async getBySlug(slug: string): Promise<SiteRecord> {
    return this.database.inSystem('find-site', (unit) => this.sites.getBySlug(unit, slug));
  }
}
