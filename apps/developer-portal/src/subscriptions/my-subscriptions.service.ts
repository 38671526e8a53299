import { Inject, Injectable } from '@nestjs/common';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import type {
  cancelMySubscription,
  getMySubscription,
  listMySubscriptions,
  Subscription,
} from '@tollgate/contracts/rest/portal';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { auditOf, tenantOf } from '@tollgate/platform';
import { CurrentDeveloper } from '../account/current-developer.ts';
import { SubscriptionLifecycle } from './subscription-lifecycle.ts';
import { SubscriptionsRepository } from './subscriptions.repository.ts';

/** Subscriptions as their developer sees and ends them. */
@Injectable()
export class MySubscriptionsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(CurrentDeveloper) private readonly current: CurrentDeveloper,
    @Inject(SubscriptionsRepository) private readonly subscriptions: SubscriptionsRepository,
    @Inject(SubscriptionLifecycle) private readonly lifecycle: SubscriptionLifecycle,
  ) {}

  list(call: EndpointCall<typeof listMySubscriptions>): Promise<Page<Subscription>> {
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const { id: developerId } = await this.current.get(unit, call);
      const { applicationId, ...page } = call.query;
      return this.subscriptions.list(unit, page, { applicationId, developerId });
    });
  }

  get(call: EndpointCall<typeof getMySubscription>): Promise<Subscription> {
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const { id: developerId } = await this.current.get(unit, call);
      return this.subscriptions.get(unit, call.params.subscriptionId, developerId);
    });
  }

  cancel(call: EndpointCall<typeof cancelMySubscription>): Promise<Subscription> {
    const work = async (unit: UnitOfWork): Promise<Subscription> => {
      const { id: developerId } = await this.current.get(unit, call);
      const before = await this.subscriptions.lock(unit, call.params.subscriptionId, developerId);
      const { subscription, isChanged } = await this.lifecycle.take(unit, before, 'cancel');
      if (isChanged) {
        const object = { kind: 'subscription', id: subscription.id };
        await unit.audit(auditOf(call, { action: 'subscription.cancel', object, details: { from: before.state } }));
      }
      return subscription;
    };
    return this.database.inTenant(tenantOf(call), work, call);
  }
}
