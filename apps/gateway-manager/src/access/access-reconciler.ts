import { Inject, Injectable } from '@nestjs/common';
import { ServiceClient } from '@tollgate/auth';
import type { Reconciliation } from '@tollgate/contracts/rest/gateway';
import {
  type CredentialSnapshot,
  listCredentialSnapshots,
  listPlanVersionSnapshots,
  listProductSnapshots,
  listSubscriptionSnapshots,
  type PlanVersionSnapshot,
  type ProductSnapshot,
  type SubscriptionSnapshot,
} from '@tollgate/contracts/rest/portal';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { everyPage } from '../snapshots/every-page.ts';
import type { SubscriptionState } from './portal-objects.ts';
import { PortalProjection } from './portal-projection.ts';
import { PortalRepository } from './portal.repository.ts';

const stateOf: Record<SubscriptionSnapshot['state'], SubscriptionState> = {
  pending: 'pending',
  approved: 'active',
  suspended: 'suspended',
  refused: 'cancelled',
  cancelled: 'cancelled',
};

/**
 * Compares what is known of the portal with its snapshots, puts right what differs and tells how much did. Each object is taken in
 * by itself, like an event, so events that arrive meanwhile are neither lost nor undone.
 */
@Injectable()
export class AccessReconciler {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServiceClient) private readonly client: ServiceClient,
    @Inject(PortalProjection) private readonly projection: PortalProjection,
    @Inject(PortalRepository) private readonly portal: PortalRepository,
  ) {}

  async reconcile(tenantId: string): Promise<Reconciliation> {
    const { client } = this;
    const result: Reconciliation = { checked: 0, drift: 0 };
    const takeAll = async <T>(items: AsyncIterable<T>, take: (unit: UnitOfWork, item: T) => Promise<number>) => {
      for await (const item of items) {
        result.checked += 1;
        result.drift += await this.database.inTenant(tenantId, (unit) => take(unit, item));
      }
    };
    const plans = everyPage((query) => client.call(listPlanVersionSnapshots, { tenantId, query }));
    await takeAll(plans, (unit, plan) => this.#takePlan(unit, plan));
    const products = everyPage((query) => client.call(listProductSnapshots, { tenantId, query }));
    await takeAll(products, (unit, product) => this.#takeProduct(unit, product));
    const subscriptions = everyPage((query) => client.call(listSubscriptionSnapshots, { tenantId, query }));
    await takeAll(subscriptions, (unit, subscription) => this.#takeSubscription(unit, subscription));
    const credentials = everyPage((query) => client.call(listCredentialSnapshots, { tenantId, query }));
    await takeAll(credentials, (unit, credential) => this.#takeCredential(unit, credential));
    return result;
  }

  #takePlan(unit: UnitOfWork, { planVersionId: id, version: number, ...plan }: PlanVersionSnapshot): Promise<number> {
    return this.projection.putPlanVersion(unit, { id, number, ...plan });
  }

  /** A product that was never on sale binds nothing; one that no longer is stays bound. */
  async #takeProduct(unit: UnitOfWork, { productId: id, state, ...product }: ProductSnapshot): Promise<number> {
    if (state === 'draft' && (await this.portal.lockProduct(unit, id)) === null) return 0;
    return this.projection.putProduct(unit, { id, ...product, isDeleted: false });
  }

  #takeSubscription(unit: UnitOfWork, snapshot: SubscriptionSnapshot): Promise<number> {
    const { subscriptionId: id, state, ...subscription } = snapshot;
    return this.projection.putSubscription(unit, { id, ...subscription, state: stateOf[state] });
  }

  #takeCredential(unit: UnitOfWork, snapshot: CredentialSnapshot): Promise<number> {
    const { credentialId: id, subscriptionId, groupIds, keySha256, expiresAt, state } = snapshot;
    const revokedAt = state === 'revoked' ? new Date().toISOString() : null;
    return this.projection.putCredential(unit, { id, subscriptionId, groupIds, keySha256, expiresAt, revokedAt });
  }
}
