import { Inject, Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@tollgate/persistence';
import { AccessStateService } from './access-state.service.ts';
import {
  type AccessTargets,
  compileLoneRevocation,
  compileProduct,
  compileQuotas,
  compileSubscription,
} from './compile-access.ts';
import type { PortalCredential, PortalPlanVersion, PortalProduct, PortalSubscription } from './portal-objects.ts';
import { PortalRepository } from './portal.repository.ts';
import type { QuotaMeter } from './quota-lease.ts';
import { type MeteredQuota, QuotaMetersRepository } from './quota-meters.repository.ts';

/**
 * Takes in what the portal says and compiles it into the access state of the groups concerned, in the same unit of work. Events of one
 * tenant take turns: a plan, its product and their subscriptions each lock the others’ rows, and would wait for each other in a circle.
 * Every `put` returns how much was not as it has to be: rows of the copy and resources of the access state.
 */
@Injectable()
export class PortalProjection {
  constructor(
    @Inject(PortalRepository) private readonly portal: PortalRepository,
    @Inject(QuotaMetersRepository) private readonly meters: QuotaMetersRepository,
    @Inject(AccessStateService) private readonly access: AccessStateService,
  ) {}

  async putProduct(unit: UnitOfWork, product: PortalProduct): Promise<number> {
    await this.access.takeTurn(unit);
    const former = await this.portal.lockProduct(unit, product.id);
    if (former !== null && former.version > product.version) return 0;
    const copied = await this.portal.putProduct(unit, product);
    return copied + (await this.#compileProduct(unit, product, former?.bindings.map(({ groupId }) => groupId) ?? []));
  }

  /** Compiles a product that is known as it is known. */
  async recompileProduct(unit: UnitOfWork, id: string): Promise<number> {
    await this.access.takeTurn(unit);
    const product = await this.portal.lockProduct(unit, id);
    return product === null ? 0 : this.#compileProduct(unit, product, []);
  }

  /** A deleted product stays bound where it was, to nobody: its routes must not open to callers whom it kept out. */
  async deleteProduct(unit: UnitOfWork, id: string, version: number): Promise<number> {
    await this.access.takeTurn(unit);
    const former = await this.portal.lockProduct(unit, id);
    if (former === null || former.version > version) return 0;
    const product = { ...former, planVersionIds: [], keyless: false, version, isDeleted: true };
    const copied = await this.portal.putProduct(unit, product);
    return copied + (await this.#compileProduct(unit, product, []));
  }

  /**
   * A plan may arrive after its product and after subscriptions to it: both are compiled anew. All of them are locked before the groups
   * are, as by every other event: an approval announces plan and subscription at once, and they must not wait for each other.
   */
  async putPlanVersion(unit: UnitOfWork, plan: PortalPlanVersion): Promise<number> {
    await this.access.takeTurn(unit);
    const copied = await this.portal.putPlanVersion(unit, plan);
    const product = await this.portal.lockProduct(unit, plan.productId);
    const subscriptions = await this.portal.findSubscriptionsOfPlan(unit, plan.id);
    let changed = copied;
    if (product !== null) changed += await this.#compileProduct(unit, product, []);
    for (const subscription of subscriptions) {
      changed += await this.#compileSubscription(unit, subscription, []);
    }
    return changed;
  }

  async putSubscription(unit: UnitOfWork, subscription: PortalSubscription): Promise<number> {
    await this.access.takeTurn(unit);
    const former = await this.portal.lockSubscription(unit, subscription.id);
    if (former !== null && former.version > subscription.version) return 0;
    const copied = await this.portal.putSubscription(unit, subscription);
    return copied + (await this.#compileSubscription(unit, subscription, former?.groupIds ?? []));
  }

  /** The portal has the subscription no longer: it was deleted with its plan, product, application or developer. */
  async endSubscription(unit: UnitOfWork, id: string, version: number): Promise<number> {
    await this.access.takeTurn(unit);
    const former = await this.portal.lockSubscription(unit, id);
    if (former === null || former.version > version) return 0;
    return this.putSubscription(unit, { ...former, state: 'cancelled' });
  }

  async putCredential(unit: UnitOfWork, credential: PortalCredential): Promise<number> {
    await this.access.takeTurn(unit);
    const subscription = await this.portal.lockSubscription(unit, credential.subscriptionId);
    if (credential.kind === 'try') await this.portal.forgetTries(unit, credential.subscriptionId);
    const copied = await this.portal.putCredential(unit, credential);
    if (subscription !== null) return copied + (await this.#compileSubscription(unit, subscription, []));
    if (credential.revokedAt === null) return copied;
    return copied + (await this.access.apply(unit, compileLoneRevocation(credential)));
  }

  /**
   * Writes the leases anew that follow from what analytics metered. What is known of no subscription is kept for when it comes.
   * @param dataPlanes that serve each group now.
   */
  async putQuotas(
    unit: UnitOfWork,
    metered: readonly MeteredQuota[],
    dataPlanes: ReadonlyMap<string, number>,
  ): Promise<number> {
    await this.access.takeTurn(unit);
    const targets: AccessTargets = new Map();
    const saved = await this.meters.save(unit, metered);
    for (const id of saved) {
      const subscription = await this.portal.lockSubscription(unit, id);
      if (subscription === null) continue;
      const plan = await this.portal.findPlanVersion(unit, subscription.planVersionId);
      const count = subscription.groupIds.reduce((sum, groupId) => sum + (dataPlanes.get(groupId) ?? 0), 0);
      const meter = await this.meters.setDataPlanes(unit, id, count);
      for (const [groupId, leases] of compileQuotas({ subscription, plan, meter })) {
        targets.set(groupId, [...(targets.get(groupId) ?? []), ...leases]);
      }
    }
    return saved.length + (await this.access.apply(unit, targets));
  }

  async #compileProduct(unit: UnitOfWork, product: PortalProduct, formerGroupIds: string[]): Promise<number> {
    const plans = product.isDeleted ? [] : await this.portal.findPlanVersionsOf(unit, product.id);
    return this.access.apply(unit, compileProduct(product, plans, formerGroupIds));
  }

  async #compileSubscription(
    unit: UnitOfWork,
    subscription: PortalSubscription,
    formerGroupIds: string[],
  ): Promise<number> {
    const plan = await this.portal.findPlanVersion(unit, subscription.planVersionId);
    const credentials = await this.portal.findCredentialsOf(unit, subscription.id);
    const meter = await this.#meterOf(unit, subscription, plan);
    return this.access.apply(unit, compileSubscription({ subscription, plan, credentials, meter, formerGroupIds }));
  }

  async #meterOf(
    unit: UnitOfWork,
    { id, groupIds, state }: PortalSubscription,
    plan: PortalPlanVersion | null,
  ): Promise<QuotaMeter | null> {
    if (state === 'cancelled') await this.meters.delete(unit, id);
    if (state === 'cancelled' || plan === null || plan.quota === null) return null;
    return this.meters.take(unit, id, groupIds);
  }
}
