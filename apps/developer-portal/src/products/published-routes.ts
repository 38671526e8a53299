import { Inject, Injectable } from '@nestjs/common';
import { ServiceClient } from '@tollgate/auth';
import { commonErrors } from '@tollgate/contracts/errors';
import { listPublishedRoutes } from '@tollgate/contracts/rest/gateway';
import { ApiError } from '@tollgate/platform';
import { everyPage } from '@tollgate/projections';

/** What publishing must know of a route in force. */
export interface RouteInForce {
  id: string;
  /** Calls need to tell who makes them. */
  authenticated: boolean;
}

/** Injection token of {@link PublishedRoutes}. */
export const PUBLISHED_ROUTES = Symbol('developer-portal.published-routes');

/** Tells which routes a gateway group has in force. */
export interface PublishedRoutes {
  /** @returns null when the tenant has no such group. */
  find(tenantId: string, groupId: string): Promise<RouteInForce[] | null>;
}

/** Asks `gateway-manager`, which owns routes. */
@Injectable()
export class GatewayManagerRoutes implements PublishedRoutes {
  constructor(@Inject(ServiceClient) private readonly client: ServiceClient) {}

  async find(tenantId: string, groupId: string): Promise<RouteInForce[] | null> {
    const params = { groupId };
    const pages = everyPage((query) => this.client.call(listPublishedRoutes, { params, query, tenantId }));
    const routes: RouteInForce[] = [];
    try {
      for await (const { id, authentication } of pages) routes.push({ id, authenticated: authentication.length > 0 });
    } catch (error) {
      if (error instanceof ApiError && error.definition.code === commonErrors.notFound.code) return null;
      throw error;
    }
    return routes;
  }
}
