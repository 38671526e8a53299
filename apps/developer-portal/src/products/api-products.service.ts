import { Inject, Injectable } from '@nestjs/common';
import type { EndpointCall, ForcedDeletion, Page } from '@tollgate/contracts/rest';
import type {
  ApiProduct,
  ApiProductSummary,
  createApiProduct,
  deleteApiProduct,
  getApiProduct,
  listApiProducts,
  updateApiProduct,
} from '@tollgate/contracts/rest/portal';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { auditOf, outcomeOf, tenantOf } from '@tollgate/platform';
import { stateConflict } from '../shared/state-machine.ts';
import { SubscriptionEndings } from '../subscriptions/subscription-endings.ts';
import { SubscriptionEvents } from '../subscriptions/subscription-events.ts';
import { ApiProductsRepository } from './api-products.repository.ts';
import { ProductEvents } from './product-events.ts';
import { PublishCheck } from './publish-check.ts';

/** API products as a tenant's admins describe them. */
@Injectable()
export class ApiProductsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ApiProductsRepository) private readonly products: ApiProductsRepository,
    @Inject(SubscriptionEndings) private readonly endings: SubscriptionEndings,
    @Inject(PublishCheck) private readonly publishCheck: PublishCheck,
    @Inject(ProductEvents) private readonly events: ProductEvents,
    @Inject(SubscriptionEvents) private readonly subscriptionEvents: SubscriptionEvents,
  ) {}

  list(call: EndpointCall<typeof listApiProducts>): Promise<Page<ApiProductSummary>> {
    return this.database.inTenant(tenantOf(call), (unit) => this.products.list(unit, call.query));
  }

  get(call: EndpointCall<typeof getApiProduct>): Promise<ApiProduct> {
    return this.database.inTenant(tenantOf(call), (unit) => this.products.get(unit, call.params.productId));
  }

  create(call: EndpointCall<typeof createApiProduct>): Promise<ApiProduct> {
    const work = async (unit: UnitOfWork): Promise<ApiProduct> => {
      const product = await this.products.insert(unit, call.body);
      await unit.audit(auditOf(call, { action: 'api-product.create', object: objectOf(product) }));
      return product;
    };
    return this.database.inTenant(tenantOf(call), work, call);
  }

  /** Changes to a published product are in force at once, so its new routes must stand the check of publishing. */
  async update(call: EndpointCall<typeof updateApiProduct>): Promise<ApiProduct> {
    const { productId } = call.params;
    const tenantId = tenantOf(call);
    const routes = await this.publishCheck.readRoutes(tenantId, call.body.bindings ?? []);
    const work = async (unit: UnitOfWork): Promise<ApiProduct> => {
      const before = await this.products.lock(unit, productId, call.ifMatch);
      const product = await this.products.change(unit, productId, call.body);
      if (product.state === 'published' && call.body.bindings !== undefined) {
        await this.publishCheck.refuseObstacles(unit, product, routes);
        await this.subscriptionEvents.reannounce(unit, before, product);
      }
      await this.events.emitPublished(unit, product);
      const details = { changed: Object.keys(call.body) };
      await unit.audit(auditOf(call, { action: 'api-product.update', object: objectOf(product), details }));
      return product;
    };
    return this.database.inTenant(tenantId, work, call);
  }

  /** Nobody can subscribe meanwhile: that holds the product, which is locked here. */
  remove(call: EndpointCall<typeof deleteApiProduct>): Promise<ForcedDeletion | undefined> {
    const work = async (unit: UnitOfWork): Promise<ForcedDeletion | undefined> => {
      const product = await this.products.lock(unit, call.params.productId, call.ifMatch);
      if (product.state === 'published' && !call.force) throw stateConflict('delete', product.state);
      const outcome = outcomeOf(call, await this.endings.endAll(unit, { productId: product.id }, call.force));
      await this.products.delete(unit, product);
      await this.events.emitDeleted(unit, product);
      const object = objectOf(product);
      await unit.audit(auditOf(call, { action: 'api-product.delete', object, details: { ...outcome } }));
      return outcome;
    };
    return this.database.inTenant(tenantOf(call), work, call);
  }
}

function objectOf({ id }: { id: string }): { kind: string; id: string } {
  return { kind: 'api-product', id };
}
