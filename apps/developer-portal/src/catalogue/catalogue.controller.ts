import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  getCatalogueGuide,
  getCatalogueReference,
  getProductPage,
  listCatalogue,
} from '@tollgate/contracts/rest/portal';
import { ApiController, Implements } from '@tollgate/platform';
import { CatalogueService } from './catalogue.service.ts';

@ApiController()
export class CatalogueController {
  constructor(@Inject(CatalogueService) private readonly catalogue: CatalogueService) {}

  @Implements(listCatalogue)
  list(call: EndpointCall<typeof listCatalogue>): Promise<EndpointResult<typeof listCatalogue>> {
    return this.catalogue.list(call);
  }

  @Implements(getProductPage)
  get(call: EndpointCall<typeof getProductPage>): Promise<EndpointResult<typeof getProductPage>> {
    return this.catalogue.get(call);
  }

  @Implements(getCatalogueReference)
  getReference(
    call: EndpointCall<typeof getCatalogueReference>,
  ): Promise<EndpointResult<typeof getCatalogueReference>> {
    return this.catalogue.getReference(call);
  }

  @Implements(getCatalogueGuide)
  getGuide(call: EndpointCall<typeof getCatalogueGuide>): Promise<EndpointResult<typeof getCatalogueGuide>> {
    return this.catalogue.getGuide(call);
  }
}
