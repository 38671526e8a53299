import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { EndpointCall } from '@tollgate/contracts/rest';
import type { ApiProduct, publishApiProduct, unpublishApiProduct } from '@tollgate/contracts/rest/portal';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { ApiError, auditOf, tenantOf } from '@tollgate/platform';
import { ApiProductsRepository } from './api-products.repository.ts';
import { ProductEvents } from './product-events.ts';
import { PublishCheck } from './publish-check.ts';

/** Puts products on sale and takes them off. */
@Injectable()
export class PublishingService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ApiProductsRepository) private readonly products: ApiProductsRepository,
    @Inject(PublishCheck) private readonly check: PublishCheck,
    @Inject(ProductEvents) private readonly events: ProductEvents,
  ) {}

  async publish(call: EndpointCall<typeof publishApiProduct>): Promise<ApiProduct> {
    const { productId } = call.params;
    const tenantId = tenantOf(call);
    const seen = await this.database.inTenant(tenantId, (unit) => this.products.get(unit, productId));
    const routes = await this.check.readRoutes(tenantId, seen.bindings);
    const work = async (unit: UnitOfWork): Promise<ApiProduct> => {
      const product = await this.products.lock(unit, productId);
      if (product.version !== seen.version) {
        throw new ApiError(commonErrors.conflict, { detail: 'The product was changed meanwhile; try again.' });
      }
      await this.check.refuseObstacles(unit, product, routes);
      if (product.state === 'published') return product;
      const published = await this.products.change(unit, productId, { state: 'published' });
      await this.events.emitPublished(unit, published);
      await unit.audit(
        auditOf(call, { action: 'api-product.publish', object: { kind: 'api-product', id: productId } }),
      );
      return published;
    };
    return this.database.inTenant(tenantId, work, call);
  }

  unpublish(call: EndpointCall<typeof unpublishApiProduct>): Promise<ApiProduct> {
    const { productId } = call.params;
    const work = async (unit: UnitOfWork): Promise<ApiProduct> => {
      const product = await this.products.lock(unit, productId);
      if (product.state === 'draft') return product;
      const draft = await this.products.change(unit, productId, { state: 'draft' });
      await this.events.emitUnpublished(unit, draft);
      const object = { kind: 'api-product', id: productId };
      await unit.audit(auditOf(call, { action: 'api-product.unpublish', object }));
      return draft;
    };
    return this.database.inTenant(tenantOf(call), work, call);
  }
}
