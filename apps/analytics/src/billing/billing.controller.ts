import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { getBillingPreview } from '@tollgate/contracts/rest/analytics';
import { ApiController, Implements } from '@tollgate/platform';
import { BillingService } from './billing.service.ts';

@ApiController()
export class BillingController {
  constructor(@Inject(BillingService) private readonly billing: BillingService) {}

  @Implements(getBillingPreview)
  preview(call: EndpointCall<typeof getBillingPreview>): Promise<EndpointResult<typeof getBillingPreview>> {
    return this.billing.preview(call);
  }
}
