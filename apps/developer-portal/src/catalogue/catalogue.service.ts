import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import type {
  ApiProduct,
  CatalogueProduct,
  getCatalogueGuide,
  getCatalogueReference,
  getProductPage,
  Guide,
  listCatalogue,
  OfferedPlan,
  Plan,
  PlanPrice,
  ProductPage,
  ReferenceDocument,
} from '@tollgate/contracts/rest/portal';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { ProductDocumentsRepository } from '../documents/product-documents.repository.ts';
import { GatewayGroupsRepository } from '../gateway-groups/gateway-groups.repository.ts';
import { PlansRepository } from '../plans/plans.repository.ts';
import { PricesRepository } from '../prices/prices.repository.ts';
import { ApiProductsRepository } from '../products/api-products.repository.ts';
import { offeredOf } from '../products/product-events.ts';
import { SessionsService } from '../sessions/sessions.service.ts';
import { groupsOf } from '../subscriptions/subscription-events.ts';
import { PortalSitesService } from '../sites/portal-sites.service.ts';

/** What visitors of a site see. Signed-in developers of the site see more; a token of another site counts for nothing. */
@Injectable()
export class CatalogueService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PortalSitesService) private readonly sites: PortalSitesService,
    @Inject(SessionsService) private readonly sessions: SessionsService,
    @Inject(ApiProductsRepository) private readonly products: ApiProductsRepository,
    @Inject(PlansRepository) private readonly plans: PlansRepository,
    @Inject(PricesRepository) private readonly prices: PricesRepository,
    @Inject(GatewayGroupsRepository) private readonly groups: GatewayGroupsRepository,
    @Inject(ProductDocumentsRepository) private readonly documents: ProductDocumentsRepository,
  ) {}

  async list(call: EndpointCall<typeof listCatalogue>): Promise<Page<CatalogueProduct>> {
    const { tenantId, signedIn } = await this.#visit(call);
    const { search, ...page } = call.query;
    return this.database.inTenant(tenantId, async (unit) => {
      const { items, nextCursor } = await this.products.listPublished(unit, page, { search, signedIn });
      const plansOf = await this.#offered(unit, items);
      return { items: items.map((product) => toCatalogueProduct(product, plansOf(product))), nextCursor };
    });
  }

  get(call: EndpointCall<typeof getProductPage>): Promise<ProductPage> {
    return this.#ofVisible(call, async (unit, product) => {
      const plansOf = await this.#offered(unit, [product]);
      const groups = await this.groups.listPresent(unit, groupsOf(product));
      const gateways = product.bindings.flatMap(({ groupId }) => {
        const group = groups.find(({ id }) => id === groupId);
        return group === undefined ? [] : [{ groupId, hosts: group.hosts, addresses: group.addresses }];
      });
      const hosts = groups.flatMap((group) => group.hosts);
      const { docs, reference, guides } = product;
      return { ...toCatalogueProduct(product, plansOf(product)), docs, reference, guides, hosts, gateways };
    });
  }

  getReference(call: EndpointCall<typeof getCatalogueReference>): Promise<ReferenceDocument> {
    return this.#ofVisible(call, (unit, { id }) => this.documents.getReference(unit, id));
  }

  getGuide(call: EndpointCall<typeof getCatalogueGuide>): Promise<Guide> {
    return this.#ofVisible(call, (unit, { id }) => this.documents.getGuide(unit, id, call.params.guideSlug));
  }

  /** The plans on offer of each of these products, with the prices that are in force now. */
  async #offered(unit: UnitOfWork, products: readonly ApiProduct[]): Promise<(product: ApiProduct) => OfferedPlan[]> {
    const plans = offeredOf(
      await this.plans.listOf(
        unit,
        products.map(({ id }) => id),
      ),
    );
    const prices = await this.prices.findInForce(
      unit,
      plans.map(({ current }) => current.id),
    );
    return ({ id }) =>
      plans
        .filter(({ productId }) => productId === id)
        .map((plan) => toOfferedPlan(plan, prices.get(plan.current.id) ?? null));
  }

  /** @throws ApiError `resource.not_found` unless the visitor sees the product. */
  async #ofVisible<T>(
    call: { params: { siteSlug: string; productId: string }; bearer: string | undefined },
    read: (unit: UnitOfWork, product: ApiProduct) => Promise<T>,
  ): Promise<T> {
    const { tenantId, signedIn } = await this.#visit(call);
    return this.database.inTenant(tenantId, async (unit) => {
      const product = await this.products.get(unit, call.params.productId);
      const isVisible = product.state === 'published' && (signedIn || product.visibility === 'public');
      if (!isVisible) throw new ApiError(commonErrors.notFound);
      return read(unit, product);
    });
  }

  async #visit(call: {
    params: { siteSlug: string };
    bearer: string | undefined;
  }): Promise<{ tenantId: string; signedIn: boolean }> {
    const site = await this.sites.getBySlug(call.params.siteSlug);
    const visitor = call.bearer === undefined ? null : await this.sessions.verify(call.bearer);
    return { tenantId: site.tenantId, signedIn: visitor?.siteId === site.id };
  }
}

function toCatalogueProduct(product: ApiProduct, plans: OfferedPlan[]): CatalogueProduct {
  const { id, name, description, visibility } = product;
  return { id, name, description, visibility, plans };
}

function toOfferedPlan({ id, name, description, keyless, current }: Plan, price: PlanPrice | null): OfferedPlan {
  const { id: versionId, limit, quota, approval } = current;
  return { id, versionId, name, description, keyless, limit, quota, approval, price };
}
