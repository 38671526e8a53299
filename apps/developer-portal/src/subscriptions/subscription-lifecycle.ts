import { Inject, Injectable } from '@nestjs/common';
import type { PlanVersion, Subscription } from '@tollgate/contracts/rest/portal';
import type { UnitOfWork } from '@tollgate/persistence';
import { PlansRepository } from '../plans/plans.repository.ts';
import { SubscriptionEvents } from './subscription-events.ts';
import { choosePlan, isLive, isSame, type Standing, type SubscriptionStep, take } from './subscription-rules.ts';
import { SubscriptionsRepository } from './subscriptions.repository.ts';

/** A subscription after a step, and whether the step changed anything. */
export interface StepResult {
  subscription: Subscription;
  isChanged: boolean;
}

/** Moves subscriptions through their states, whoever asks: admins, their developers, or the end of something else. */
@Injectable()
export class SubscriptionLifecycle {
  constructor(
    @Inject(SubscriptionsRepository) private readonly subscriptions: SubscriptionsRepository,
    @Inject(PlansRepository) private readonly plans: PlansRepository,
    @Inject(SubscriptionEvents) private readonly events: SubscriptionEvents,
  ) {}

  /**
   * Takes a step of a subscription that the unit has locked. A repeated step changes nothing but is announced again.
   * @throws ApiError `portal.state_conflict` when the state has no such step.
   */
  async take(unit: UnitOfWork, subscription: Subscription, step: SubscriptionStep): Promise<StepResult> {
    return this.#move(unit, subscription, take(subscription, step));
  }

  /** @throws ApiError `portal.state_conflict` unless it is pending or approved. */
  async choosePlan(unit: UnitOfWork, subscription: Subscription, chosen: PlanVersion): Promise<StepResult> {
    return this.#move(unit, subscription, choosePlan(subscription, chosen));
  }

  async #move(unit: UnitOfWork, before: Subscription, after: Standing): Promise<StepResult> {
    if (isSame(before, after)) {
      await this.events.announce(unit, before);
      return { subscription: before, isChanged: false };
    }
    const { planId } = await this.plans.getVersion(unit, after.planVersionId);
    const { state, planVersionId, requestedPlanVersionId } = after;
    const standing = { state, planVersionId, requestedPlanVersionId, planId };
    const subscription = await this.subscriptions.change(unit, before.id, standing);
    if (!isLive(subscription)) await this.events.revokeKeys(unit, subscription);
    await this.events.announce(unit, subscription);
    return { subscription, isChanged: true };
  }
}
