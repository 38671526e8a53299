import { Inject, Injectable } from '@nestjs/common';
import type { EndpointCall, ForcedDeletion, Page } from '@tollgate/contracts/rest';
import {
  type createPlan,
  type createPlanVersion,
  type deletePlan,
  type getPlan,
  type listPlans,
  type listPlanVersions,
  type Plan,
  type PlanVersion,
  portalErrors,
  type updatePlan,
} from '@tollgate/contracts/rest/portal';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { ApiError, auditOf, outcomeOf, tenantOf } from '@tollgate/platform';
import { ApiProductsRepository } from '../products/api-products.repository.ts';
import { offeredOf, ProductEvents } from '../products/product-events.ts';
import { stateConflict } from '../shared/state-machine.ts';
import { SubscriptionEndings } from '../subscriptions/subscription-endings.ts';
import { emitPlanVersion } from './plan-events.ts';
import { PlansRepository } from './plans.repository.ts';

/** A product's page shows all its plans. */
const plansPerProduct = 20;
/** Far more than anybody reads; keeps a plan's history bounded. */
const versionsPerPlan = 500;

/** Plans of products and their versions, which never change. */
@Injectable()
export class PlansService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PlansRepository) private readonly plans: PlansRepository,
    @Inject(ApiProductsRepository) private readonly products: ApiProductsRepository,
    @Inject(SubscriptionEndings) private readonly endings: SubscriptionEndings,
    @Inject(ProductEvents) private readonly productEvents: ProductEvents,
  ) {}

  list(call: EndpointCall<typeof listPlans>): Promise<Page<Plan>> {
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const product = await this.products.get(unit, call.params.productId);
      return this.plans.list(unit, product.id, call.query);
    });
  }

  get(call: EndpointCall<typeof getPlan>): Promise<Plan> {
    return this.database.inTenant(tenantOf(call), (unit) => this.plans.get(unit, call.params.planId));
  }

  listVersions(call: EndpointCall<typeof listPlanVersions>): Promise<Page<PlanVersion>> {
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const plan = await this.plans.get(unit, call.params.planId);
      return this.plans.listVersions(unit, plan.id, call.query);
    });
  }

  create(call: EndpointCall<typeof createPlan>): Promise<Plan> {
    const work = async (unit: UnitOfWork): Promise<Plan> => {
      const product = await this.products.lock(unit, call.params.productId);
      if ((await this.plans.count(unit, product.id)) >= plansPerProduct) {
        throw limitReached(`A product has at most ${plansPerProduct} plans.`);
      }
      const plan = await this.plans.insert(unit, product.id, call.body);
      await emitPlanVersion(unit, plan, plan.current);
      await this.#productChanged(unit, product.id);
      await unit.audit(auditOf(call, { action: 'plan.create', object: objectOf(plan) }));
      return plan;
    };
    return this.database.inTenant(tenantOf(call), work, call);
  }

  addVersion(call: EndpointCall<typeof createPlanVersion>): Promise<PlanVersion> {
    const work = async (unit: UnitOfWork): Promise<PlanVersion> => {
      const { productId, current, retired } = await this.#lockWithProduct(unit, call.params.planId);
      if (retired) throw stateConflict('add-version', 'retired');
      if (current.number >= versionsPerPlan) throw limitReached(`A plan has at most ${versionsPerPlan} versions.`);
      const plan = await this.plans.addVersion(unit, call.params.planId, call.body);
      await emitPlanVersion(unit, plan, plan.current);
      await this.#productChanged(unit, productId);
      const details = { planVersionId: plan.current.id };
      await unit.audit(auditOf(call, { action: 'plan.add-version', object: objectOf(plan), details }));
      return plan.current;
    };
    return this.database.inTenant(tenantOf(call), work, call);
  }

  update(call: EndpointCall<typeof updatePlan>): Promise<Plan> {
    const work = async (unit: UnitOfWork): Promise<Plan> => {
      const before = await this.#lockWithProduct(unit, call.params.planId, call.ifMatch);
      const plan = await this.plans.change(unit, before.id, call.body);
      if (plan.retired) await this.#refuseLastOffer(unit, plan.productId, 'retire');
      if (plan.name !== before.name) await emitPlanVersion(unit, plan, plan.current);
      await this.#productChanged(unit, plan.productId);
      const details = { changed: Object.keys(call.body) };
      await unit.audit(auditOf(call, { action: 'plan.update', object: objectOf(plan), details }));
      return plan;
    };
    return this.database.inTenant(tenantOf(call), work, call);
  }

  remove(call: EndpointCall<typeof deletePlan>): Promise<ForcedDeletion | undefined> {
    const work = async (unit: UnitOfWork): Promise<ForcedDeletion | undefined> => {
      const plan = await this.#lockWithProduct(unit, call.params.planId, call.ifMatch);
      const outcome = outcomeOf(call, await this.endings.endAll(unit, { planId: plan.id }, call.force));
      await this.plans.delete(unit, plan);
      await this.#refuseLastOffer(unit, plan.productId, 'delete');
      await this.#productChanged(unit, plan.productId);
      await unit.audit(auditOf(call, { action: 'plan.delete', object: objectOf(plan), details: { ...outcome } }));
      return outcome;
    };
    return this.database.inTenant(tenantOf(call), work, call);
  }

  /** Locks the product before its plan, as every change of either does, so that two changes never wait for each other. */
  async #lockWithProduct(unit: UnitOfWork, planId: string, expectedVersion?: number): Promise<Plan> {
    const { productId } = await this.plans.get(unit, planId);
    await this.products.lock(unit, productId);
    return this.plans.lock(unit, planId, expectedVersion);
  }

  /** A product on sale needs a plan that can be chosen. */
  async #refuseLastOffer(unit: UnitOfWork, productId: string, step: string): Promise<void> {
    const { state } = await this.products.get(unit, productId);
    const left = offeredOf(await this.plans.listOf(unit, [productId]));
    if (state === 'published' && left.length === 0) throw stateConflict(step, 'last plan of a published product');
  }

  /** What a published product consists of changed: it gets a new version, so that the news are newer than the last. */
  async #productChanged(unit: UnitOfWork, productId: string): Promise<void> {
    const { state } = await this.products.get(unit, productId);
    if (state !== 'published') return;
    await this.productEvents.emitPublished(unit, await this.products.change(unit, productId, {}));
  }
}

function objectOf({ id }: Plan): { kind: string; id: string } {
  return { kind: 'plan', id };
}

function limitReached(detail: string): ApiError {
  return new ApiError(portalErrors.limitReached, { detail });
}
