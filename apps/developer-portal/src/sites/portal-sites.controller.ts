import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { getPortalSite, getPublicSite, listPortalSites, updatePortalSite } from '@tollgate/contracts/rest/portal';
import { ApiController, Implements } from '@tollgate/platform';
import { PortalSitesService } from './portal-sites.service.ts';

@ApiController()
export class PortalSitesController {
  constructor(@Inject(PortalSitesService) private readonly sites: PortalSitesService) {}

  @Implements(listPortalSites)
  list(call: EndpointCall<typeof listPortalSites>): Promise<EndpointResult<typeof listPortalSites>> {
    return this.sites.list(call);
  }

  @Implements(getPortalSite)
  get(call: EndpointCall<typeof getPortalSite>): Promise<EndpointResult<typeof getPortalSite>> {
    return this.sites.get(call);
  }

  @Implements(updatePortalSite)
  update(call: EndpointCall<typeof updatePortalSite>): Promise<EndpointResult<typeof updatePortalSite>> {
    return this.sites.update(call);
  }

  @Implements(getPublicSite)
  getPublic(call: EndpointCall<typeof getPublicSite>): Promise<EndpointResult<typeof getPublicSite>> {
    return this.sites.getBySlug(call.params.siteSlug);
  }
}
