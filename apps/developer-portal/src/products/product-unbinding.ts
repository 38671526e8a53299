import { Inject, Injectable } from '@nestjs/common';
import type { ApiProduct } from '@tollgate/contracts/rest/portal';
import type { UnitOfWork } from '@tollgate/persistence';
import { SubscriptionEvents } from '../subscriptions/subscription-events.ts';
import { SubscriptionLifecycle } from '../subscriptions/subscription-lifecycle.ts';
import { SubscriptionsRepository } from '../subscriptions/subscriptions.repository.ts';
import { ApiProductsRepository } from './api-products.repository.ts';
import { ProductEvents } from './product-events.ts';

const pageSize = 200;

/** Takes a gateway group that is gone out of the products that were sold in it, so that none names what does not exist. */
@Injectable()
export class ProductUnbinding {
  constructor(
    @Inject(ApiProductsRepository) private readonly products: ApiProductsRepository,
    @Inject(ProductEvents) private readonly events: ProductEvents,
    @Inject(SubscriptionsRepository) private readonly subscriptions: SubscriptionsRepository,
    @Inject(SubscriptionEvents) private readonly subscriptionEvents: SubscriptionEvents,
    @Inject(SubscriptionLifecycle) private readonly lifecycle: SubscriptionLifecycle,
  ) {}

  /** A product that is sold nowhere else goes off sale, and its approved subscriptions are suspended until somebody resumes them. */
  async unbind(unit: UnitOfWork, groupId: string, cause: { requestId?: string } = {}): Promise<void> {
    for (const id of await this.products.findBoundTo(unit, groupId)) {
      const before = await this.products.lock(unit, id);
      const bindings = before.bindings.filter((binding) => binding.groupId !== groupId);
      const isHomeless = bindings.length === 0;
      const product = await this.products.change(unit, id, { bindings, ...(isHomeless ? { state: 'draft' } : {}) });
      await this.events.emitPublished(unit, product);
      if (isHomeless && before.state === 'published') await this.events.emitUnpublished(unit, product);
      const suspended = isHomeless ? await this.#suspendAll(unit, product) : 0;
      await this.subscriptionEvents.reannounce(unit, before, product);
      await unit.audit({
        ...cause,
        action: 'api-product.unbind',
        actor: { kind: 'service', id: 'gateway-manager' },
        object: { kind: 'api-product', id },
        details: { groupId, offSale: before.state !== product.state, suspended },
      });
    }
  }

  async #suspendAll(unit: UnitOfWork, { id: productId }: ApiProduct): Promise<number> {
    for (let suspended = 0; ;) {
      const filter = { productId, state: 'approved' as const };
      const { items } = await this.subscriptions.list(unit, { limit: pageSize }, filter);
      if (items.length === 0) return suspended;
      for (const { id } of items) {
        await this.lifecycle.take(unit, await this.subscriptions.lock(unit, id), 'suspend');
        suspended += 1;
      }
    }
  }
}
