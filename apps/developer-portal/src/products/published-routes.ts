import { Inject, Injectable } from '@nestjs/common';
import { ServiceClient } from '@tollgate/auth';
import { commonErrors } from '@tollgate/contracts/errors';
import { listPublishedRoutes } from '@tollgate/contracts/rest/gateway';
import { ApiError } from '@tollgate/platform';

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

const pageSize = 200;

/** Asks `gateway-manager`, which owns routes. */
@Injectable()
export class GatewayManagerRoutes implements PublishedRoutes {
  constructor(@Inject(ServiceClient) private readonly client: ServiceClient) {}

  async find(tenantId: string, groupId: string): Promise<RouteInForce[] | null> {
    const routes: RouteInForce[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.#readPage(tenantId, groupId, cursor);
      if (page === null) return null;
      routes.push(...page.items.map(({ id, authentication }) => ({ id, authenticated: authentication.length > 0 })));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return routes;
  }

  async #readPage(tenantId: string, groupId: string, cursor: string | undefined) {
    const query = { limit: pageSize, ...(cursor === undefined ? {} : { cursor }) };
    try {
      return await this.client.call(listPublishedRoutes, { params: { groupId }, query, tenantId });
    } catch (error) {
      if (error instanceof ApiError && error.definition.code === commonErrors.notFound.code) return null;
      throw error;
    }
  }
}
