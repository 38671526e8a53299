import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { getMySubscriptionQuota, getSubscriptionQuota } from '@tollgate/contracts/rest/portal';
import { ApiController, Implements } from '@tollgate/platform';
import { QuotasService } from './quotas.service.ts';

@ApiController()
export class QuotasController {
  constructor(@Inject(QuotasService) private readonly quotas: QuotasService) {}

  @Implements(getSubscriptionQuota)
  get(call: EndpointCall<typeof getSubscriptionQuota>): Promise<EndpointResult<typeof getSubscriptionQuota>> {
    return this.quotas.get(call);
  }

  @Implements(getMySubscriptionQuota)
  getMine(call: EndpointCall<typeof getMySubscriptionQuota>): Promise<EndpointResult<typeof getMySubscriptionQuota>> {
    return this.quotas.getMine(call);
  }
}
