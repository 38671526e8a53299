import { Inject, Injectable } from '@nestjs/common';
import { ServiceClient } from '@tollgate/auth';
import { commonErrors } from '@tollgate/contracts/errors';
import type { EndpointCall } from '@tollgate/contracts/rest';
import { gatewayErrors, tryRequestForService } from '@tollgate/contracts/rest/gateway';
import type { createPortalTryRequest, PortalTriedRequest, ProductBinding } from '@tollgate/contracts/rest/portal';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { ApiError, auditOf, PLATFORM_CONFIG, tenantOf } from '@tollgate/platform';
import { CurrentDeveloper } from '../account/current-developer.ts';
import type { DeveloperPortalConfig } from '../config.ts';
import { ApiProductsRepository } from '../products/api-products.repository.ts';
import { isLive } from '../subscriptions/subscription-rules.ts';
import { SubscriptionsRepository } from '../subscriptions/subscriptions.repository.ts';
import { explain } from './explain.ts';

/** More than `gateway-manager` takes at most, milliseconds. */
const timeoutMs = 20_000;

const errors = {
  'no-data-plane': gatewayErrors.noDataPlaneOnline,
  'not-answered': gatewayErrors.tryNotAnswered,
  'host-unknown': gatewayErrors.tryHostUnknown,
} as const;

type TryCall = EndpointCall<typeof createPortalTryRequest>;

/** Lets developers try requests to products. `gateway-manager` has a data plane play them. */
@Injectable()
export class TryRequestsService {
  readonly #docsUrl: string;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServiceClient) private readonly client: ServiceClient,
    @Inject(CurrentDeveloper) private readonly current: CurrentDeveloper,
    @Inject(ApiProductsRepository) private readonly products: ApiProductsRepository,
    @Inject(SubscriptionsRepository) private readonly subscriptions: SubscriptionsRepository,
    @Inject(PLATFORM_CONFIG) config: Pick<DeveloperPortalConfig, 'PUBLIC_CONSOLE_URL'>,
  ) {
    this.#docsUrl = `${config.PUBLIC_CONSOLE_URL}/docs/errors`;
  }

  /**
   * @throws ApiError `resource.not_found`, `developer.not_approved`, `gateway.no_data_plane_online`, `gateway.try_host_unknown`,
   * `gateway.try_not_answered`
   */
  async try(call: TryCall): Promise<PortalTriedRequest> {
    const tenantId = tenantOf(call);
    const { request } = call.body;
    const { groupId, routeIds } = await this.database.inTenant(tenantId, (unit) => this.#prepare(unit, call));
    const triedAt = new Date().toISOString();
    const tried = await this.client.call(tryRequestForService, {
      tenantId,
      params: { groupId },
      body: { request, scope: { routeIds, serviceIds: [] } },
      timeoutMs,
    });
    if (tried.outcome !== 'done') throw new ApiError(errors[tried.outcome]);
    const { response, trace } = tried;
    return { groupId, triedAt, response, explanation: explain(trace, this.#docsUrl) };
  }

  /** Where the request may go; writes the audit entry. */
  async #prepare(unit: UnitOfWork, call: TryCall): Promise<ProductBinding> {
    const { groupId, subscriptionId, request } = call.body;
    const { id: developerId } = await this.current.lockApproved(unit, call);
    const product = await this.products.get(unit, call.params.productId);
    const subscribed = await this.#isSubscribed(unit, { productId: product.id, developerId, subscriptionId });
    if (product.state !== 'published' && !subscribed) throw new ApiError(commonErrors.notFound);
    const binding = product.bindings.find((candidate) => groupId === undefined || candidate.groupId === groupId);
    if (binding === undefined) throw new ApiError(commonErrors.notFound);
    const { method, path } = request;
    const object = { kind: 'api-product', id: product.id };
    // Neither query nor headers nor body: they hold keys.
    const details = { method, path, ...(subscriptionId === undefined ? {} : { subscriptionId }) };
    await unit.audit(auditOf(call, { action: 'request.try', object, details }));
    return binding;
  }

  /** @throws ApiError `resource.not_found` for a subscription that is not the developer's own, or to another product. */
  async #isSubscribed(
    unit: UnitOfWork,
    {
      productId,
      developerId,
      subscriptionId,
    }: { readonly productId: string; readonly developerId: string; readonly subscriptionId: string | undefined },
  ): Promise<boolean> {
    if (subscriptionId === undefined) return false;
    const subscription = await this.subscriptions.get(unit, subscriptionId, developerId);
    if (subscription.productId !== productId) throw new ApiError(commonErrors.notFound);
    return isLive(subscription);
  }
}
