import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  deleteProductReference,
  getProductGuides,
  getProductReference,
  putProductGuides,
  putProductReference,
} from '@tollgate/contracts/rest/portal';
import { ApiController, Implements } from '@tollgate/platform';
import { ProductDocumentsService } from './product-documents.service.ts';

@ApiController()
export class ProductDocumentsController {
  constructor(@Inject(ProductDocumentsService) private readonly documents: ProductDocumentsService) {}

  @Implements(getProductReference)
  getReference(call: EndpointCall<typeof getProductReference>): Promise<EndpointResult<typeof getProductReference>> {
    return this.documents.getReference(call);
  }

  @Implements(putProductReference)
  putReference(call: EndpointCall<typeof putProductReference>): Promise<EndpointResult<typeof putProductReference>> {
    return this.documents.putReference(call);
  }

  @Implements(deleteProductReference)
  deleteReference(
    call: EndpointCall<typeof deleteProductReference>,
  ): Promise<EndpointResult<typeof deleteProductReference>> {
    return this.documents.deleteReference(call);
  }

  @Implements(getProductGuides)
  getGuides(call: EndpointCall<typeof getProductGuides>): Promise<EndpointResult<typeof getProductGuides>> {
    return this.documents.getGuides(call);
  }

  @Implements(putProductGuides)
  putGuides(call: EndpointCall<typeof putProductGuides>): Promise<EndpointResult<typeof putProductGuides>> {
    return this.documents.putGuides(call);
  }
}
