import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  approveSubscription,
  cancelSubscription,
  getSubscription,
  listSubscriptions,
  refuseSubscription,
  resumeSubscription,
  suspendSubscription,
} from '@tollgate/contracts/rest/portal';
import { ApiController, Implements } from '@tollgate/platform';
import { SubscriptionsService } from './subscriptions.service.ts';

@ApiController()
export class SubscriptionsController {
  constructor(@Inject(SubscriptionsService) private readonly subscriptions: SubscriptionsService) {}

  @Implements(listSubscriptions)
  list(call: EndpointCall<typeof listSubscriptions>): Promise<EndpointResult<typeof listSubscriptions>> {
    return this.subscriptions.list(call);
  }

  @Implements(getSubscription)
  get(call: EndpointCall<typeof getSubscription>): Promise<EndpointResult<typeof getSubscription>> {
    return this.subscriptions.get(call);
  }

  @Implements(approveSubscription)
  approve(call: EndpointCall<typeof approveSubscription>): Promise<EndpointResult<typeof approveSubscription>> {
    return this.subscriptions.take(call, 'approve');
  }

  @Implements(refuseSubscription)
  refuse(call: EndpointCall<typeof refuseSubscription>): Promise<EndpointResult<typeof refuseSubscription>> {
    return this.subscriptions.take(call, 'refuse');
  }

  @Implements(suspendSubscription)
  suspend(call: EndpointCall<typeof suspendSubscription>): Promise<EndpointResult<typeof suspendSubscription>> {
    return this.subscriptions.take(call, 'suspend');
  }

  @Implements(resumeSubscription)
  resume(call: EndpointCall<typeof resumeSubscription>): Promise<EndpointResult<typeof resumeSubscription>> {
    return this.subscriptions.take(call, 'resume');
  }

  @Implements(cancelSubscription)
  cancel(call: EndpointCall<typeof cancelSubscription>): Promise<EndpointResult<typeof cancelSubscription>> {
    return this.subscriptions.take(call, 'cancel');
  }
}
