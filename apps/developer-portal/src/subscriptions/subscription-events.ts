import { Inject, Injectable } from '@nestjs/common';
import {
  subscriptionApproved,
  subscriptionCancelled,
  subscriptionRequested,
  subscriptionSuspended,
} from '@tollgate/contracts/events';
import type {
  ApiProduct,
  Subscription,
  SubscriptionSnapshot,
  SubscriptionState,
} from '@tollgate/contracts/rest/portal';
import type { UnitOfWork } from '@tollgate/persistence';
import { ApplicationsRepository } from '../applications/applications.repository.ts';
import { emitIssued, emitRevoked } from '../credentials/credential-events.ts';
import { CredentialsRepository } from '../credentials/credentials.repository.ts';
import { emitPlanVersion } from '../plans/plan-events.ts';
import { PlansRepository } from '../plans/plans.repository.ts';
import { ApiProductsRepository } from '../products/api-products.repository.ts';
import { isLive } from './subscription-rules.ts';
import { SubscriptionsRepository } from './subscriptions.repository.ts';

/** A refused subscription is gone for gateways like a cancelled one. */
const eventOf = {
  pending: subscriptionRequested,
  approved: subscriptionApproved,
  suspended: subscriptionSuspended,
  refused: subscriptionCancelled,
  cancelled: subscriptionCancelled,
} as const satisfies Record<SubscriptionState, unknown>;

const pageSize = 200;

/** Tells gateways and billing where a subscription stands. Every announcement holds all they need, so each may come again. */
@Injectable()
export class SubscriptionEvents {
  constructor(
    @Inject(ApplicationsRepository) private readonly applications: ApplicationsRepository,
    @Inject(ApiProductsRepository) private readonly products: ApiProductsRepository,
    @Inject(PlansRepository) private readonly plans: PlansRepository,
    @Inject(SubscriptionsRepository) private readonly subscriptions: SubscriptionsRepository,
    @Inject(CredentialsRepository) private readonly credentials: CredentialsRepository,
  ) {}

  /** Announces a subscription's state, and with an approval its terms and keys. */
  async announce(unit: UnitOfWork, subscription: Subscription): Promise<void> {
    const data = await this.describe(unit, subscription);
    if (subscription.state === 'approved') {
      const version = await this.plans.getVersion(unit, subscription.planVersionId);
      await emitPlanVersion(unit, await this.plans.get(unit, version.planId), version);
    }
    const { id: subject, version: aggregateVersion } = subscription;
    const input = { subject, tenantId: unit.tenantId, aggregateVersion, data };
    await unit.emit(eventOf[subscription.state].create(input));
    if (subscription.state === 'approved') await this.#announceKeys(unit, subscription, data.groupIds);
  }

  /**
   * Announces all live subscriptions to a product, and their keys, when it moved to other gateway groups. Each gets a new version, so
   * that the news are newer than the last.
   */
  async reannounce(unit: UnitOfWork, before: ApiProduct, product: ApiProduct): Promise<void> {
    const groupIds = groupsOf(product);
    if (groupsOf(before).join() === groupIds.join()) return;
    let cursor: string | undefined;
    do {
      const page = await this.subscriptions.list(unit, { limit: pageSize, cursor }, { productId: product.id });
      for (const subscription of page.items.filter(isLive)) {
        await this.announce(unit, await this.subscriptions.change(unit, subscription.id, subscription));
        for (const { id } of await this.credentials.listActive(unit, subscription.id)) {
          await emitIssued(unit, await this.credentials.change(unit, id, {}), groupIds);
        }
      }
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }

  /** Announces all subscriptions of an application that has another name now, also those that ended: reports still name it. */
  async announceRenamed(unit: UnitOfWork, applicationId: string): Promise<void> {
    let cursor: string | undefined;
    do {
      const page = await this.subscriptions.list(unit, { limit: pageSize, cursor }, { applicationId });
      for (const subscription of page.items) await this.announce(unit, subscription);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }

  /** A subscription as others need it. */
  async describe(unit: UnitOfWork, subscription: Subscription): Promise<SubscriptionSnapshot> {
    const application = await this.applications.get(unit, subscription.applicationId);
    const { id, applicationId, developerId, productId, planVersionId, state, version } = subscription;
    return {
      subscriptionId: id,
      applicationId,
      applicationName: application.name,
      developerId,
      productId,
      planVersionId,
      groupIds: groupsOf(await this.products.get(unit, productId)),
      state,
      planSince: (await this.subscriptions.findPlanSince(unit, id))?.toISOString() ?? null,
      version,
    };
  }

  /** Revokes every key of a subscription that ended. */
  async revokeKeys(unit: UnitOfWork, subscription: Subscription): Promise<void> {
    const groupIds = groupsOf(await this.products.get(unit, subscription.productId));
    for (const { id } of await this.credentials.listActive(unit, subscription.id)) {
      await emitRevoked(unit, await this.credentials.change(unit, id, { state: 'revoked' }), groupIds);
    }
  }

  async #announceKeys(unit: UnitOfWork, { id }: Subscription, groupIds: string[]): Promise<void> {
    for (const credential of await this.credentials.listActive(unit, id)) await emitIssued(unit, credential, groupIds);
  }
}

/** Gateway groups that a product is sold in. */
export function groupsOf({ bindings }: Pick<ApiProduct, 'bindings'>): string[] {
  return bindings.map(({ groupId }) => groupId).sort();
}
