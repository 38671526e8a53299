import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  cancelMySubscription,
  changeMyPlan,
  createMySubscription,
  getMySubscription,
  listMySubscriptions,
} from '@tollgate/contracts/rest/portal';
import { ApiController, Implements } from '@tollgate/platform';
import { MySubscriptionsService } from './my-subscriptions.service.ts';
import { SubscribingService } from './subscribing.service.ts';

@ApiController()
export class MySubscriptionsController {
  constructor(
    @Inject(MySubscriptionsService) private readonly subscriptions: MySubscriptionsService,
    @Inject(SubscribingService) private readonly subscribing: SubscribingService,
  ) {}

  @Implements(listMySubscriptions)
  list(call: EndpointCall<typeof listMySubscriptions>): Promise<EndpointResult<typeof listMySubscriptions>> {
    return this.subscriptions.list(call);
  }

  @Implements(createMySubscription)
  create(call: EndpointCall<typeof createMySubscription>): Promise<EndpointResult<typeof createMySubscription>> {
    return this.subscribing.subscribe(call);
  }

  @Implements(getMySubscription)
  get(call: EndpointCall<typeof getMySubscription>): Promise<EndpointResult<typeof getMySubscription>> {
    return this.subscriptions.get(call);
  }

  @Implements(changeMyPlan)
  changePlan(call: EndpointCall<typeof changeMyPlan>): Promise<EndpointResult<typeof changeMyPlan>> {
    return this.subscribing.changePlan(call);
  }

  @Implements(cancelMySubscription)
  cancel(call: EndpointCall<typeof cancelMySubscription>): Promise<EndpointResult<typeof cancelMySubscription>> {
    return this.subscriptions.cancel(call);
  }
}
