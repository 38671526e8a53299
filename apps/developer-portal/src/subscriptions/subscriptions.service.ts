import { Inject, Injectable } from '@nestjs/common';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import type {
  approveSubscription,
  getSubscription,
  listSubscriptions,
  Subscription,
} from '@tollgate/contracts/rest/portal';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { auditOf, tenantOf } from '@tollgate/platform';
import { DevelopersRepository } from '../developers/developers.repository.ts';
import { stateConflict } from '../shared/state-machine.ts';
import { SubscriptionLifecycle } from './subscription-lifecycle.ts';
import type { SubscriptionStep } from './subscription-rules.ts';
import { SubscriptionsRepository } from './subscriptions.repository.ts';

/** Subscriptions as a tenant's admins see and decide them. */
@Injectable()
export class SubscriptionsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SubscriptionsRepository) private readonly subscriptions: SubscriptionsRepository,
    @Inject(DevelopersRepository) private readonly developers: DevelopersRepository,
    @Inject(SubscriptionLifecycle) private readonly lifecycle: SubscriptionLifecycle,
  ) {}

  list(call: EndpointCall<typeof listSubscriptions>): Promise<Page<Subscription>> {
    return this.database.inTenant(tenantOf(call), (unit) => this.subscriptions.list(unit, call.query, call.query));
  }

  get(call: EndpointCall<typeof getSubscription>): Promise<Subscription> {
    return this.database.inTenant(tenantOf(call), (unit) => this.subscriptions.get(unit, call.params.subscriptionId));
  }

  /** One call for every step, as their endpoints differ in nothing else. */
  take(call: EndpointCall<typeof approveSubscription>, step: SubscriptionStep): Promise<Subscription> {
    const work = async (unit: UnitOfWork): Promise<Subscription> => {
      const before = await this.#lock(unit, call.params.subscriptionId, step);
      const { subscription, isChanged } = await this.lifecycle.take(unit, before, step);
      if (isChanged) {
        const object = { kind: 'subscription', id: subscription.id };
        const details = { from: before.state, to: subscription.state, planVersionId: subscription.planVersionId };
        await unit.audit(auditOf(call, { action: `subscription.${step}`, object, details }));
      }
      return subscription;
    };
    return this.database.inTenant(tenantOf(call), work, call);
  }

  /**
   * Locks the developer before the subscription, as suspending and erasing a developer do. What was stopped with its developer must
   * not start again before the developer does.
   */
  async #lock(unit: UnitOfWork, id: string, step: SubscriptionStep): Promise<Subscription> {
    const { developerId } = await this.subscriptions.get(unit, id);
    const { state } = await this.developers.lock(unit, developerId);
    const isStart = step === 'approve' || step === 'resume';
    if (isStart && state !== 'approved') throw stateConflict(step, `of a developer who is ${state}`);
    return this.subscriptions.lock(unit, id);
  }
}
