import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  deletePortalSiteLogo,
  getPortalSite,
  getPublicSite,
  getSiteLogo,
  listPortalSites,
  putPortalSiteLogo,
  updatePortalSite,
} from '@tollgate/contracts/rest/portal';
import { ApiController, Implements } from '@tollgate/platform';
import { PortalSitesService } from './portal-sites.service.ts';
import { SiteLogosService } from './site-logos.service.ts';

@ApiController()
export class PortalSitesController {
  constructor(
    @Inject(PortalSitesService) private readonly sites: PortalSitesService,
    @Inject(SiteLogosService) private readonly logos: SiteLogosService,
  ) {}

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

  @Implements(putPortalSiteLogo)
  putLogo(call: EndpointCall<typeof putPortalSiteLogo>): Promise<EndpointResult<typeof putPortalSiteLogo>> {
    return this.logos.put(call);
  }

  @Implements(deletePortalSiteLogo)
  deleteLogo(call: EndpointCall<typeof deletePortalSiteLogo>): Promise<EndpointResult<typeof deletePortalSiteLogo>> {
    return this.logos.delete(call);
  }

  @Implements(getSiteLogo)
  getLogo(call: EndpointCall<typeof getSiteLogo>): Promise<EndpointResult<typeof getSiteLogo>> {
    return this.logos.read(call);
  }
}
