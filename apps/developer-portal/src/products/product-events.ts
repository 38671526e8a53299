import { Inject, Injectable } from '@nestjs/common';
import { productDeleted, productPublished, productUnpublished } from '@tollgate/contracts/events';
import type { ApiProduct, Plan, ProductSnapshot } from '@tollgate/contracts/rest/portal';
import type { UnitOfWork } from '@tollgate/persistence';
import { PlansRepository } from '../plans/plans.repository.ts';
import { SubscriptionsRepository } from '../subscriptions/subscriptions.repository.ts';

/** Plans that new subscriptions can choose. */
export function offeredOf(plans: readonly Plan[]): Plan[] {
  return plans.filter(({ retired }) => !retired);
}

/** Says what a product on sale consists of. */
@Injectable()
export class ProductEvents {
  constructor(
    @Inject(PlansRepository) private readonly plans: PlansRepository,
    @Inject(SubscriptionsRepository) private readonly subscriptions: SubscriptionsRepository,
  ) {}

  /** A product as others need it: with the plan versions on offer and those that live subscriptions still have. */
  async describe(unit: UnitOfWork, product: ApiProduct): Promise<ProductSnapshot> {
    const offered = offeredOf(await this.plans.listOf(unit, [product.id]));
    const live = await this.subscriptions.findLivePlanVersions(unit, product.id);
    return {
      productId: product.id,
      name: product.name,
      state: product.state,
      bindings: product.bindings,
      planVersionIds: [...new Set([...offered.map(({ current }) => current.id), ...live])].sort(),
      keyless: offered.some(({ keyless }) => keyless),
      version: product.version,
    };
  }

  /** Announces a published product as it is now; a draft is nobody's business. */
  async emitPublished(unit: UnitOfWork, product: ApiProduct): Promise<void> {
    if (product.state !== 'published') return;
    const data = await this.describe(unit, product);
    const { id: subject, version: aggregateVersion } = product;
    await unit.emit(productPublished.create({ subject, tenantId: unit.tenantId, aggregateVersion, data }));
  }

  /** Announces the end of a product, whether or not it ever was on sale. */
  async emitDeleted(unit: UnitOfWork, { id: subject, version }: ApiProduct): Promise<void> {
    const data = { productId: subject };
    await unit.emit(productDeleted.create({ subject, tenantId: unit.tenantId, aggregateVersion: version + 1, data }));
  }

  async emitUnpublished(unit: UnitOfWork, { id, version }: ApiProduct): Promise<void> {
    const data = { productId: id };
    await unit.emit(
      productUnpublished.create({ subject: id, tenantId: unit.tenantId, aggregateVersion: version, data }),
    );
  }
}
