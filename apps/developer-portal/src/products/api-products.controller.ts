import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  createApiProduct,
  deleteApiProduct,
  getApiProduct,
  listApiProducts,
  publishApiProduct,
  unpublishApiProduct,
  updateApiProduct,
} from '@tollgate/contracts/rest/portal';
import { ApiController, Implements } from '@tollgate/platform';
import { ApiProductsService } from './api-products.service.ts';
import { PublishingService } from './publishing.service.ts';

@ApiController()
export class ApiProductsController {
  constructor(
    @Inject(ApiProductsService) private readonly products: ApiProductsService,
    @Inject(PublishingService) private readonly publishing: PublishingService,
  ) {}

  @Implements(listApiProducts)
  list(call: EndpointCall<typeof listApiProducts>): Promise<EndpointResult<typeof listApiProducts>> {
    return this.products.list(call);
  }

  @Implements(createApiProduct)
  create(call: EndpointCall<typeof createApiProduct>): Promise<EndpointResult<typeof createApiProduct>> {
    return this.products.create(call);
  }

  @Implements(getApiProduct)
  get(call: EndpointCall<typeof getApiProduct>): Promise<EndpointResult<typeof getApiProduct>> {
    return this.products.get(call);
  }

  @Implements(updateApiProduct)
  update(call: EndpointCall<typeof updateApiProduct>): Promise<EndpointResult<typeof updateApiProduct>> {
    return this.products.update(call);
  }

  @Implements(deleteApiProduct)
  remove(call: EndpointCall<typeof deleteApiProduct>): Promise<EndpointResult<typeof deleteApiProduct>> {
    return this.products.remove(call);
  }

  @Implements(publishApiProduct)
  publish(call: EndpointCall<typeof publishApiProduct>): Promise<EndpointResult<typeof publishApiProduct>> {
    return this.publishing.publish(call);
  }

  @Implements(unpublishApiProduct)
  unpublish(call: EndpointCall<typeof unpublishApiProduct>): Promise<EndpointResult<typeof unpublishApiProduct>> {
    return this.publishing.unpublish(call);
  }
}
