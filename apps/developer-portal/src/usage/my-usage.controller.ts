import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { getMyApplicationUsage, getMySubscriptionUsage } from '@tollgate/contracts/rest/portal';
import { ApiController, Implements } from '@tollgate/platform';
import { MyUsageService } from './my-usage.service.ts';

@ApiController()
export class MyUsageController {
  constructor(@Inject(MyUsageService) private readonly usage: MyUsageService) {}

  @Implements(getMySubscriptionUsage)
  ofSubscription(
    call: EndpointCall<typeof getMySubscriptionUsage>,
  ): Promise<EndpointResult<typeof getMySubscriptionUsage>> {
    return this.usage.ofSubscription(call);
  }

  @Implements(getMyApplicationUsage)
  ofApplication(
    call: EndpointCall<typeof getMyApplicationUsage>,
  ): Promise<EndpointResult<typeof getMyApplicationUsage>> {
    return this.usage.ofApplication(call);
  }
}
