import { Inject, Injectable } from '@nestjs/common';
import { type ApiProduct, portalErrors, type ProductBinding } from '@tollgate/contracts/rest/portal';
import type { UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { PlansRepository } from '../plans/plans.repository.ts';
import { offeredOf } from './product-events.ts';
import { findObstacles } from './publishable.ts';
import { PUBLISHED_ROUTES, type PublishedRoutes, type RouteInForce } from './published-routes.ts';

/** Routes in force of each gateway group of a product; null for a group that is not there. */
export type RoutesByGroup = ReadonlyMap<string, readonly RouteInForce[] | null>;

/** Decides whether a product may be on sale. */
@Injectable()
export class PublishCheck {
  constructor(
    @Inject(PUBLISHED_ROUTES) private readonly routes: PublishedRoutes,
    @Inject(PlansRepository) private readonly plans: PlansRepository,
  ) {}

  /** Asks for the routes; goes over the network, so never inside a unit of work. */
  async readRoutes(tenantId: string, bindings: readonly ProductBinding[]): Promise<RoutesByGroup> {
    const found = bindings.map(async ({ groupId }) => [groupId, await this.routes.find(tenantId, groupId)] as const);
    return new Map(await Promise.all(found));
  }

  /** @throws ApiError `product.not_publishable` that names every obstacle. */
  async refuseObstacles(unit: UnitOfWork, product: ApiProduct, routes: RoutesByGroup): Promise<void> {
    const offered = offeredOf(await this.plans.listOf(unit, [product.id]));
    const errors = findObstacles({
      bindings: product.bindings,
      offeredPlans: offered.length,
      keyless: offered.some(({ keyless }) => keyless),
      routes,
    });
    if (errors.length > 0) throw new ApiError(portalErrors.productNotPublishable, { errors });
  }
}
