import { Inject, Injectable } from '@nestjs/common';
import type { Page, PageQuery } from '@tollgate/contracts/rest';
import type {
  CredentialSnapshot,
  PlanVersionSnapshot,
  ProductSnapshot,
  SubscriptionSnapshot,
} from '@tollgate/contracts/rest/portal';
import { Database, mapPage, type UnitOfWork } from '@tollgate/persistence';
import { CredentialsRepository } from '../credentials/credentials.repository.ts';
import { describeVersion } from '../plans/plan-events.ts';
import { PlansRepository } from '../plans/plans.repository.ts';
import { ApiProductsRepository } from '../products/api-products.repository.ts';
import { ProductEvents } from '../products/product-events.ts';
import { groupsOf, SubscriptionEvents } from '../subscriptions/subscription-events.ts';
import { SubscriptionsRepository } from '../subscriptions/subscriptions.repository.ts';

/** Everything that the events of this service announced, as it is now, for those who keep a copy. */
@Injectable()
export class SnapshotsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ApiProductsRepository) private readonly products: ApiProductsRepository,
    @Inject(ProductEvents) private readonly productEvents: ProductEvents,
    @Inject(PlansRepository) private readonly plans: PlansRepository,
    @Inject(SubscriptionsRepository) private readonly subscriptions: SubscriptionsRepository,
    @Inject(SubscriptionEvents) private readonly subscriptionEvents: SubscriptionEvents,
    @Inject(CredentialsRepository) private readonly credentials: CredentialsRepository,
  ) {}

  listProducts(tenantId: string, query: PageQuery): Promise<Page<ProductSnapshot>> {
    return this.database.inTenant(tenantId, async (unit) => {
      const page = await this.products.listAll(unit, query);
      return describeAll(page, (product) => this.productEvents.describe(unit, product));
    });
  }

  listPlanVersions(tenantId: string, query: PageQuery): Promise<Page<PlanVersionSnapshot>> {
    return this.database.inTenant(tenantId, async (unit) => {
      const page = await this.plans.listAllVersions(unit, query);
      return mapPage(page, ({ plan, version }) => describeVersion(plan, version));
    });
  }

  listSubscriptions(tenantId: string, query: PageQuery): Promise<Page<SubscriptionSnapshot>> {
    return this.database.inTenant(tenantId, async (unit) => {
      const page = await this.subscriptions.list(unit, query);
      return describeAll(page, (subscription) => this.subscriptionEvents.describe(unit, subscription));
    });
  }

  listCredentials(tenantId: string, query: PageQuery): Promise<Page<CredentialSnapshot>> {
    return this.database.inTenant(tenantId, async (unit) => {
      const page = await this.credentials.listAll(unit, query);
      return describeAll(page, async ({ id, subscriptionId, keySha256, expiresAt, state, kind, version }) => {
        const groupIds = await this.#groupsOfSubscription(unit, subscriptionId);
        return { credentialId: id, subscriptionId, groupIds, keySha256, expiresAt, state, kind, version };
      });
    });
  }

  async #groupsOfSubscription(unit: UnitOfWork, subscriptionId: string): Promise<string[]> {
    const { productId } = await this.subscriptions.get(unit, subscriptionId);
    return groupsOf(await this.products.get(unit, productId));
  }
}

/** One after the other, as a unit of work has one connection. */
async function describeAll<From, To>(page: Page<From>, describe: (item: From) => Promise<To>): Promise<Page<To>> {
  const items: To[] = [];
  for (const item of page.items) items.push(await describe(item));
  return { items, nextCursor: page.nextCursor };
}
