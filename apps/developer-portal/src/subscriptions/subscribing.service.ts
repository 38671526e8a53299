import { Inject, Injectable } from '@nestjs/common';
import type { EndpointCall } from '@tollgate/contracts/rest';
import {
  type changeMyPlan,
  type createMySubscription,
  portalErrors,
  type Subscription,
} from '@tollgate/contracts/rest/portal';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { ApiError, auditOf, tenantOf } from '@tollgate/platform';
import { CurrentDeveloper } from '../account/current-developer.ts';
import { ApplicationsRepository } from '../applications/applications.repository.ts';
import { PlanChoice } from './plan-choice.ts';
import { SubscriptionEvents } from './subscription-events.ts';
import { SubscriptionLifecycle } from './subscription-lifecycle.ts';
import { begin } from './subscription-rules.ts';
import { SubscriptionsRepository } from './subscriptions.repository.ts';

/** Keeps what a developer's suspension or erasure touches bounded. */
const liveSubscriptionsPerApplication = 100;

/** Developers choose plans: for an application that has none of the product, or instead of the one it has. */
@Injectable()
export class SubscribingService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(CurrentDeveloper) private readonly current: CurrentDeveloper,
    @Inject(ApplicationsRepository) private readonly applications: ApplicationsRepository,
    @Inject(PlanChoice) private readonly choice: PlanChoice,
    @Inject(SubscriptionsRepository) private readonly subscriptions: SubscriptionsRepository,
    @Inject(SubscriptionLifecycle) private readonly lifecycle: SubscriptionLifecycle,
    @Inject(SubscriptionEvents) private readonly events: SubscriptionEvents,
  ) {}

  subscribe(call: EndpointCall<typeof createMySubscription>): Promise<Subscription> {
    const work = async (unit: UnitOfWork): Promise<Subscription> => {
      const { id: developerId } = await this.current.lockApproved(unit, call);
      const application = await this.applications.lock(unit, call.body.applicationId, developerId);
      const plan = await this.choice.hold(unit, call.body.planId);
      await this.#refuseTooMany(unit, application.id);
      const subscription = await this.subscriptions.insert(unit, {
        ...begin(plan.current),
        applicationId: application.id,
        developerId,
        productId: plan.productId,
        planId: plan.id,
      });
      await this.events.announce(unit, subscription);
      await unit.audit(auditOf(call, { action: 'subscription.create', ...describe(subscription) }));
      return subscription;
    };
    return this.database.inTenant(tenantOf(call), work, call);
  }

  changePlan(call: EndpointCall<typeof changeMyPlan>): Promise<Subscription> {
    const work = async (unit: UnitOfWork): Promise<Subscription> => {
      const { id: developerId } = await this.current.lockApproved(unit, call);
      const before = await this.subscriptions.lock(unit, call.params.subscriptionId, developerId);
      const plan = await this.choice.getOf(unit, call.body.planId, before.productId);
      const { subscription, isChanged } = await this.lifecycle.choosePlan(unit, before, plan.current);
      if (isChanged) {
        await unit.audit(auditOf(call, { action: 'subscription.change-plan', ...describe(subscription) }));
      }
      return subscription;
    };
    return this.database.inTenant(tenantOf(call), work, call);
  }

  async #refuseTooMany(unit: UnitOfWork, applicationId: string): Promise<void> {
    if ((await this.subscriptions.countLive(unit, applicationId)) < liveSubscriptionsPerApplication) return;
    const detail = `An application has at most ${liveSubscriptionsPerApplication} live subscriptions.`;
    throw new ApiError(portalErrors.limitReached, { detail });
  }
}

function describe({ id, state, planVersionId, requestedPlanVersionId }: Subscription) {
  return { object: { kind: 'subscription', id }, details: { state, planVersionId, requestedPlanVersionId } };
}
