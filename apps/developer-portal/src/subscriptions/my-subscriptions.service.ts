import { Inject, Injectable } from '@nestjs/common';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import type {
  cancelMySubscription,
  getMySubscription,
  listMySubscriptions,
  MySubscription,
  Subscription,
} from '@tollgate/contracts/rest/portal';
import { commonErrors } from '@tollgate/contracts/errors';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { ApiError, auditOf, tenantOf } from '@tollgate/platform';
import { CurrentDeveloper } from '../account/current-developer.ts';
import { PricesRepository } from '../prices/prices.repository.ts';
import { SubscriptionDetailsRepository } from './subscription-details.repository.ts';
import { SubscriptionLifecycle } from './subscription-lifecycle.ts';
import { SubscriptionsRepository } from './subscriptions.repository.ts';

/** Subscriptions as their developer sees and ends them. */
@Injectable()
export class MySubscriptionsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(CurrentDeveloper) private readonly current: CurrentDeveloper,
    @Inject(SubscriptionsRepository) private readonly subscriptions: SubscriptionsRepository,
    @Inject(SubscriptionDetailsRepository) private readonly details: SubscriptionDetailsRepository,
    @Inject(PricesRepository) private readonly prices: PricesRepository,
    @Inject(SubscriptionLifecycle) private readonly lifecycle: SubscriptionLifecycle,
  ) {}

  list(call: EndpointCall<typeof listMySubscriptions>): Promise<Page<MySubscription>> {
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const { id: developerId } = await this.current.get(unit, call);
      const { applicationId, ...page } = call.query;
      const { items, nextCursor } = await this.subscriptions.list(unit, page, { applicationId, developerId });
      return { items: await this.#describe(unit, items), nextCursor };
    });
  }

  get(call: EndpointCall<typeof getMySubscription>): Promise<MySubscription> {
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const { id: developerId } = await this.current.get(unit, call);
      const subscription = await this.subscriptions.get(unit, call.params.subscriptionId, developerId);
      const [described] = await this.#describe(unit, [subscription]);
      if (described === undefined) throw new ApiError(commonErrors.notFound);
      return described;
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

  /** One that was deleted between the two looks is left out. */
  async #describe(unit: UnitOfWork, subscriptions: readonly Subscription[]): Promise<MySubscription[]> {
    const details = await this.details.findOf(
      unit,
      subscriptions.map(({ id }) => id),
    );
    const prices = await this.prices.findInForce(
      unit,
      subscriptions.map(({ planVersionId }) => planVersionId),
    );
    return subscriptions.flatMap((subscription) => {
      const found = details.get(subscription.id);
      if (found === undefined) return [];
      const price = prices.get(subscription.planVersionId) ?? null;
      return [{ ...subscription, ...found, terms: { ...found.terms, price } }];
    });
  }
}
