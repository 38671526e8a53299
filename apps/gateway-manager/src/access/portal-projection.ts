import { Inject, Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@tollgate/persistence';
import { AccessStateService } from './access-state.service.ts';
import { compileLoneRevocation, compileProduct, compileSubscription } from './compile-access.ts';
import type { PortalCredential, PortalPlanVersion, PortalProduct, PortalSubscription } from './portal-objects.ts';
import { PortalRepository } from './portal.repository.ts';

/** Takes in what the portal says and compiles it into the access state of the groups concerned, in the same unit of work. */
@Injectable()
export class PortalProjection {
  constructor(
    @Inject(PortalRepository) private readonly portal: PortalRepository,
    @Inject(AccessStateService) private readonly access: AccessStateService,
  ) {}

  async putProduct(unit: UnitOfWork, product: PortalProduct): Promise<number> {
    const former = await this.portal.lockProduct(unit, product.id);
    if (former !== null && former.version > product.version) return 0;
    await this.portal.putProduct(unit, product);
    return this.#compileProduct(unit, product, former?.bindings.map(({ groupId }) => groupId) ?? []);
  }

  /** A plan may arrive after its product and after subscriptions to it: both are compiled anew. */
  async putPlanVersion(unit: UnitOfWork, plan: PortalPlanVersion): Promise<number> {
    await this.portal.putPlanVersion(unit, plan);
    const product = await this.portal.lockProduct(unit, plan.productId);
    let changed = product === null ? 0 : await this.#compileProduct(unit, product, []);
    for (const subscription of await this.portal.findSubscriptionsOfPlan(unit, plan.id)) {
      changed += await this.#compileSubscription(unit, subscription, []);
    }
    return changed;
  }

  async putSubscription(unit: UnitOfWork, subscription: PortalSubscription): Promise<number> {
    const former = await this.portal.lockSubscription(unit, subscription.id);
    if (former !== null && former.version > subscription.version) return 0;
    await this.portal.putSubscription(unit, subscription);
    return this.#compileSubscription(unit, subscription, former?.groupIds ?? []);
  }

  async putCredential(unit: UnitOfWork, credential: PortalCredential): Promise<number> {
    const subscription = await this.portal.lockSubscription(unit, credential.subscriptionId);
    await this.portal.putCredential(unit, credential);
    if (subscription !== null) return this.#compileSubscription(unit, subscription, []);
    return credential.revokedAt === null ? 0 : this.access.apply(unit, compileLoneRevocation(credential));
  }

  async #compileProduct(unit: UnitOfWork, product: PortalProduct, formerGroupIds: string[]): Promise<number> {
    const plans = await this.portal.findPlanVersionsOf(unit, product.id);
    return this.access.apply(unit, compileProduct(product, plans, formerGroupIds));
  }

  async #compileSubscription(
    unit: UnitOfWork,
    subscription: PortalSubscription,
    formerGroupIds: string[],
  ): Promise<number> {
    const plan = await this.portal.findPlanVersion(unit, subscription.planVersionId);
    const credentials = await this.portal.findCredentialsOf(unit, subscription.id);
    return this.access.apply(unit, compileSubscription({ subscription, plan, credentials, formerGroupIds }));
  }
}
