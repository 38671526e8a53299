import { Inject, Injectable } from '@nestjs/common';
import { ServiceClient } from '@tollgate/auth';
import type { Reconciliation } from '@tollgate/contracts/rest';
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
import { AsProjection, everyPage, type Projection } from '@tollgate/projections';
import { AccessStateRepository } from './access-state.repository.ts';
import { AccessStateService } from './access-state.service.ts';
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

/** What is known of the portal, and the access state that is compiled from it. A key that was revoked stays so, whatever the portal says. */
@AsProjection('access-state')
@Injectable()
export class AccessStateProjection implements Projection {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServiceClient) private readonly client: ServiceClient,
    @Inject(PortalRepository) private readonly portal: PortalRepository,
    @Inject(PortalProjection) private readonly projection: PortalProjection,
    @Inject(AccessStateRepository) private readonly state: AccessStateRepository,
    @Inject(AccessStateService) private readonly access: AccessStateService,
  ) {}

  /** What was known before the portal was asked, and is not among its answers, was deleted. */
  async reconcile(tenantId: string): Promise<Reconciliation> {
    const { client } = this;
    const result: Reconciliation = { checked: 0, drift: 0 };
    const takeAll = async <T>(
      items: AsyncIterable<T> | Iterable<T>,
      take: (unit: UnitOfWork, item: T) => Promise<number>,
    ) => {
      for await (const item of items) {
        result.checked += 1;
        const changed = await this.database.inTenant(tenantId, (unit) => take(unit, item));
        if (changed > 0) result.drift += 1;
      }
    };
    const plans = everyPage((query) => client.call(listPlanVersionSnapshots, { tenantId, query }));
    await takeAll(plans, (unit, plan) => this.#takePlan(unit, plan));
    const goneProducts = await this.database.inTenant(tenantId, (unit) => this.portal.findProducts(unit));
    const products = everyPage((query) => client.call(listProductSnapshots, { tenantId, query }));
    await takeAll(products, (unit, product) => {
      goneProducts.delete(product.productId);
      return this.#takeProduct(unit, product);
    });
    await takeAll(goneProducts, (unit, [id, version]) => this.projection.deleteProduct(unit, id, version));
    const goneSubscriptions = await this.database.inTenant(tenantId, (unit) => this.portal.findSubscriptions(unit));
    const subscriptions = everyPage((query) => client.call(listSubscriptionSnapshots, { tenantId, query }));
    await takeAll(subscriptions, (unit, subscription) => {
      goneSubscriptions.delete(subscription.subscriptionId);
      return this.#takeSubscription(unit, subscription);
    });
    await takeAll(goneSubscriptions, (unit, [id, version]) => this.projection.endSubscription(unit, id, version));
    const credentials = everyPage((query) => client.call(listCredentialSnapshots, { tenantId, query }));
    await takeAll(credentials, (unit, credential) => this.#takeCredential(unit, credential));
    const groupIds = await this.database.inTenant(tenantId, (unit) => this.state.findGroups(unit));
    for (const groupId of groupIds) {
      result.checked += 1;
      if (await this.database.inTenant(tenantId, (unit) => this.#mendHash(unit, groupId))) result.drift += 1;
    }
    return result;
  }

  async #mendHash(unit: UnitOfWork, groupId: string): Promise<boolean> {
    await this.access.takeTurn(unit);
    const [known] = await this.state.findGroups(unit, [groupId]);
    return known !== undefined && this.access.mendHash(unit, groupId);
  }

  #takePlan(unit: UnitOfWork, { planVersionId: id, version: number, ...plan }: PlanVersionSnapshot): Promise<number> {
    return this.projection.putPlanVersion(unit, { id, number, ...plan });
  }

  /** A product that was never on sale binds nothing; one that no longer is stays bound as it was announced last. */
  async #takeProduct(unit: UnitOfWork, { productId: id, state, ...product }: ProductSnapshot): Promise<number> {
    if (state === 'draft') return this.projection.recompileProduct(unit, id);
    return this.projection.putProduct(unit, { id, ...product, isDeleted: false });
  }

  #takeSubscription(unit: UnitOfWork, snapshot: SubscriptionSnapshot): Promise<number> {
    const { subscriptionId: id, state, ...subscription } = snapshot;
    return this.projection.putSubscription(unit, { id, ...subscription, state: stateOf[state] });
  }

  #takeCredential(unit: UnitOfWork, snapshot: CredentialSnapshot): Promise<number> {
    const { credentialId: id, subscriptionId, groupIds, keySha256, expiresAt, kind, state } = snapshot;
    const revokedAt = state === 'revoked' ? new Date().toISOString() : null;
    return this.projection.putCredential(unit, { id, subscriptionId, groupIds, keySha256, expiresAt, kind, revokedAt });
  }
}
