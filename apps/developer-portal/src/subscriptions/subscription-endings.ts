import { Inject, Injectable } from '@nestjs/common';
import type { Dependant } from '@tollgate/contracts/rest';
import type { Subscription } from '@tollgate/contracts/rest/portal';
import type { UnitOfWork } from '@tollgate/persistence';
import { inUse } from '../shared/conflicts.ts';
import { SubscriptionLifecycle } from './subscription-lifecycle.ts';
import { type SubscriptionReference, SubscriptionsRepository } from './subscriptions.repository.ts';

/** Ends what subscribes to something that is deleted, before it is deleted. */
@Injectable()
export class SubscriptionEndings {
  constructor(
    @Inject(SubscriptionsRepository) private readonly subscriptions: SubscriptionsRepository,
    @Inject(SubscriptionLifecycle) private readonly lifecycle: SubscriptionLifecycle,
  ) {}

  /**
   * Without `force` refuses, with it cancels every live subscription, whose keys are then refused within a second. One that only
   * asks to change to a plan keeps the plan it has.
   * @returns what became of each, oldest first.
   * @throws ApiError `resource.in_use` with the list, when there are any and `force` is not set.
   */
  async endAll(unit: UnitOfWork, reference: SubscriptionReference, force: boolean): Promise<Dependant[]> {
    const ended: Dependant[] = [];
    for (;;) {
      const referrers = await this.subscriptions.findReferrers(unit, reference);
      if (referrers.ids.length === 0) return ended;
      if (!force) throw inUse(referrers);
      for (const id of referrers.ids) {
        ended.push(await this.#end(unit, await this.subscriptions.lock(unit, id), reference));
      }
    }
  }

  async #end(unit: UnitOfWork, subscription: Subscription, reference: SubscriptionReference): Promise<Dependant> {
    const onlyAsks = 'planId' in reference && subscription.planId !== reference.planId;
    await this.lifecycle.take(unit, subscription, onlyAsks ? 'refuse' : 'cancel');
    return { kind: 'subscription', id: subscription.id, effect: onlyAsks ? 'detached' : 'cancelled' };
  }
}
