import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import { type ApiProduct, type Plan, portalErrors } from '@tollgate/contracts/rest/portal';
import type { UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { PlansRepository } from '../plans/plans.repository.ts';
import { ApiProductsRepository } from '../products/api-products.repository.ts';

/** Finds the plans that developers may choose. */
@Injectable()
export class PlanChoice {
  constructor(
    @Inject(PlansRepository) private readonly plans: PlansRepository,
    @Inject(ApiProductsRepository) private readonly products: ApiProductsRepository,
  ) {}

  /**
   * The plan, if it can be subscribed to; it stays on offer until the unit ends. The plan of a draft is answered like one that never
   * existed.
   * @throws ApiError `resource.not_found` or `plan.not_offered`.
   */
  async hold(unit: UnitOfWork, planId: string): Promise<Plan> {
    const { productId } = await this.plans.get(unit, planId);
    const product = await this.products.hold(unit, productId);
    return this.#check(product, await this.plans.get(unit, planId));
  }

  /**
   * The plan, if a subscription to the product can change to it.
   * @throws ApiError as {@link hold} does, and `plan.not_offered` for a plan of another product.
   */
  async getOf(unit: UnitOfWork, planId: string, productId: string): Promise<Plan> {
    const plan = await this.plans.get(unit, planId);
    this.#check(await this.products.get(unit, plan.productId), plan);
    if (plan.productId !== productId) {
      throw new ApiError(portalErrors.planNotOffered, { detail: 'The plan belongs to another product.' });
    }
    return plan;
  }

  #check(product: ApiProduct, plan: Plan): Plan {
    if (product.state !== 'published') throw new ApiError(commonErrors.notFound);
    if (plan.retired) throw new ApiError(portalErrors.planNotOffered, { detail: 'The plan is retired.' });
    if (plan.keyless) throw new ApiError(portalErrors.planNotOffered, { detail: 'The plan needs no subscription.' });
    return plan;
  }
}
