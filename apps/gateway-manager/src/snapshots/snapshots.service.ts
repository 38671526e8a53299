import { Inject, Injectable } from '@nestjs/common';
import {
  globalRuleSchema,
  pluginConfigSchema,
  type Plugins,
  routeSchema,
  serviceSchema,
} from '@tollgate/contracts/gateway';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import type { listGroupSnapshots, listPublishedRoutes, PublishedRoute } from '@tollgate/contracts/rest/gateway';
import { Database, mapPage, type UnitOfWork } from '@tollgate/persistence';
import { PLATFORM_CONFIG, tenantOf } from '@tollgate/platform';
import type { GatewayManagerConfig } from '../config.ts';
import { addressesOf } from '../groups/group-addresses.ts';
import { GroupsRepository } from '../groups/groups.repository.ts';
import { ContentsRepository } from '../publishing/contents.repository.ts';
import { authenticationOf } from './authentication.ts';
import { PublishedRoutesRepository } from './published-routes.repository.ts';

type RouteValue = ReturnType<typeof routeSchema.parse>;

/** What other services read of groups and routes. */
@Injectable()
export class SnapshotsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(GroupsRepository) private readonly groups: GroupsRepository,
    @Inject(PublishedRoutesRepository) private readonly published: PublishedRoutesRepository,
    @Inject(ContentsRepository) private readonly contents: ContentsRepository,
    @Inject(PLATFORM_CONFIG) private readonly config: GatewayManagerConfig,
  ) {}

  async listGroups(call: EndpointCall<typeof listGroupSnapshots>): Promise<EndpointResult<typeof listGroupSnapshots>> {
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const page = await this.groups.list(unit, call.query, {});
      const revisions = await this.groups.revisionsOf(
        unit,
        page.items.map(({ id }) => id),
      );
      return mapPage(page, (group) => ({
        groupId: group.id,
        environmentId: group.environmentId,
        name: group.name,
        hosts: group.hosts,
        addresses: addressesOf(group, this.config),
        revision: revisions.get(group.id) ?? 1,
      }));
    });
  }

  async listRoutes(
    call: EndpointCall<typeof listPublishedRoutes>,
  ): Promise<EndpointResult<typeof listPublishedRoutes>> {
    const { groupId } = call.params;
    return this.database.inTenant(tenantOf(call), async (unit) => {
      await this.groups.get(unit, groupId);
      const page = await this.published.listRoutes(unit, groupId, call.query);
      const values = await this.contents.findAll(
        unit,
        page.items.map(({ contentHash }) => contentHash),
      );
      const routes = mapPage(page, ({ id, contentHash }) => ({
        id,
        route: routeSchema.parse(values.get(contentHash)),
      }));
      const protect = await this.#protection(
        unit,
        groupId,
        routes.items.map(({ route }) => route),
      );
      return mapPage(routes, ({ id, route }) => describe(id, route, protect(route)));
    });
  }

  /** Tells which policies in force on a route authenticate: its own template's, its service's, and the group's global ones. */
  async #protection(unit: UnitOfWork, groupId: string, routes: RouteValue[]): Promise<(route: RouteValue) => string[]> {
    const serviceIds = routes.flatMap(({ service_id: id }) => id ?? []);
    const serviceValues = await this.published.findValues(unit, groupId, 'service', serviceIds);
    const services = new Map([...serviceValues].map(([id, value]) => [id, serviceSchema.parse(value)]));
    const configIds = [...routes, ...services.values()].flatMap(({ plugin_config_id: id }) => id ?? []);
    const configValues = await this.published.findValues(unit, groupId, 'plugin_config', configIds);
    const configs = new Map([...configValues].map(([id, value]) => [id, pluginConfigSchema.parse(value).plugins]));
    const globalRules = await this.published.findGlobalRules(unit, groupId);
    const everywhere = globalRules.map((value) => globalRuleSchema.parse(value).plugins);
    const pluginsOf = (id: string | undefined): Plugins | undefined => configs.get(id ?? '');
    return (route) => {
      const service = services.get(route.service_id ?? '');
      return authenticationOf([pluginsOf(route.plugin_config_id), pluginsOf(service?.plugin_config_id), ...everywhere]);
    };
  }
}

function describe(id: string, route: RouteValue, authentication: string[]): PublishedRoute {
  const { name = null, uri, uris = [], methods = [], service_id: serviceId = null } = route;
  return { id, name, uris: uri === undefined ? uris : [uri], methods, serviceId, authentication };
}
