import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@tollgate/contracts';
import { gatewayGroupAddressesChanged, gatewayGroupCreated } from '@tollgate/contracts/events';
import type { Dependant, EndpointCall, ForcedDeletion, Page } from '@tollgate/contracts/rest';
import type {
  createGatewayGroup,
  deleteGatewayGroup,
  GatewayGroup,
  getGatewayGroup,
  listGatewayGroups,
  updateGatewayGroup,
} from '@tollgate/contracts/rest/gateway';
import { Database, mapPage, type UnitOfWork } from '@tollgate/persistence';
import { auditOf, outcomeOf, PLATFORM_CONFIG, principalOf, tenantOf } from '@tollgate/platform';
import type { GatewayManagerConfig } from '../config.ts';
import { DirectoryService } from '../directory/directory.service.ts';
import { announcePool } from '../feed/config-channel.ts';
import { sharedPoolId } from '../pools/shared-pool.ts';
import { WorkspacesRepository } from '../workspaces/workspaces.repository.ts';
import { addressesOf } from './group-addresses.ts';
import type { GroupEntity } from './group.entity.ts';
import { GroupFoundation } from './group-foundation.ts';
import { GroupPoolsRepository } from './group-pools.repository.ts';
import { GroupRemoval } from './group-removal.ts';
import { toGatewayGroup } from './groups.mapping.ts';
import { GroupsRepository } from './groups.repository.ts';

/** Gateway groups: their name and host, their settings, their pool. */
@Injectable()
export class GroupsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(GroupsRepository) private readonly groups: GroupsRepository,
    @Inject(WorkspacesRepository) private readonly workspaces: WorkspacesRepository,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(GroupPoolsRepository) private readonly pools: GroupPoolsRepository,
    @Inject(GroupRemoval) private readonly removal: GroupRemoval,
    @Inject(GroupFoundation) private readonly foundation: GroupFoundation,
    @Inject(PLATFORM_CONFIG) private readonly config: GatewayManagerConfig,
  ) {}

  async list(call: EndpointCall<typeof listGatewayGroups>): Promise<Page<GatewayGroup>> {
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const page = await this.groups.list(unit, call.query, call.query);
      const ids = page.items.map(({ id }) => id);
      const revisions = await this.groups.revisionsOf(unit, ids);
      return mapPage(page, (group) => toGatewayGroup(group, addressesOf(group, this.config), revisions.get(group.id)));
    });
  }

  async get(call: EndpointCall<typeof getGatewayGroup>): Promise<GatewayGroup> {
    return this.database.inTenant(tenantOf(call), async (unit) =>
      this.#describe(unit, await this.groups.get(unit, call.params.groupId)),
    );
  }

  /** @throws ApiError `request.invalid` for an unknown environment, `resource.conflict` for a name that is taken. */
  async create(call: EndpointCall<typeof createGatewayGroup>): Promise<GatewayGroup> {
    const tenantId = tenantOf(call);
    const { environmentId, name, pool: poolKind, errorFormat, maxAccessAgeSeconds } = call.body;
    const { quotaWhenCutOff, upstreams, publicUrls } = call.body;
    const { environment, slug } = await this.directory.place(tenantId, environmentId);
    return this.database.inTenant(tenantId, async (unit) => {
      const poolId = poolKind === 'shared' ? sharedPoolId : await this.pools.insert(unit, name);
      const now = new Date();
      const group: GroupEntity = {
        id: newId('grp'),
        tenantId,
        environmentId,
        projectId: environment.projectId,
        name,
        hosts: [`${name}.${slug}.${this.config.GATEWAY_DOMAIN}`],
        poolId,
        poolKind,
        errorFormat,
        maxAccessAgeSeconds,
        quotaWhenCutOff,
        upstreams,
        publicUrls,
        version: 1,
        createdAt: now,
        updatedAt: now,
      };
      await this.groups.insert(unit, group);
      await this.workspaces.insertDefault(unit, group.id);
      await this.foundation.lay(unit, group, principalOf(call));
      await unit.emit(
        gatewayGroupCreated.create({
          subject: group.id,
          tenantId,
          aggregateVersion: 1,
          data: {
            groupId: group.id,
            environmentId,
            name,
            hosts: group.hosts,
            addresses: addressesOf(group, this.config),
          },
        }),
      );
      await unit.audit(
        auditOf(call, {
          action: 'gateway-group.create',
          object: { kind: 'gateway-group', id: group.id },
          details: { name, poolKind },
        }),
      );
      await announcePool(unit, poolId);
      return this.#describe(unit, group);
    });
  }

  async update(call: EndpointCall<typeof updateGatewayGroup>): Promise<GatewayGroup> {
    const { errorFormat, maxAccessAgeSeconds, quotaWhenCutOff, upstreams, publicUrls } = call.body;
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const group = await this.groups.lock(unit, call.params.groupId, call.ifMatch);
      const changed = await this.groups.change(unit, group, {
        errorFormat: errorFormat ?? group.errorFormat,
        maxAccessAgeSeconds: maxAccessAgeSeconds === undefined ? group.maxAccessAgeSeconds : maxAccessAgeSeconds,
        quotaWhenCutOff: quotaWhenCutOff ?? group.quotaWhenCutOff,
        upstreams: upstreams === undefined ? group.upstreams : upstreams,
        publicUrls: publicUrls ?? group.publicUrls,
      });
      if (publicUrls !== undefined) await this.#announceAddresses(unit, changed);
      await this.foundation.draftSettings(unit, changed);
      await unit.audit(
        auditOf(call, {
          action: 'gateway-group.update',
          object: { kind: 'gateway-group', id: group.id },
          details: call.body,
        }),
      );
      return this.#describe(unit, changed);
    });
  }

  /** @throws ApiError `resource.in_use` while products are sold in it or data planes are enrolled into its own pool, unless forced. */
  async delete(call: EndpointCall<typeof deleteGatewayGroup>): Promise<ForcedDeletion | undefined> {
    const work = async (unit: UnitOfWork): Promise<Dependant[]> => {
      const group = await this.groups.lock(unit, call.params.groupId, call.ifMatch);
      const dependants = await this.removal.remove(unit, group, call.force);
      const object = { kind: 'gateway-group', id: group.id };
      const details = { ...outcomeOf(call, dependants) };
      await unit.audit(auditOf(call, { action: 'gateway-group.delete', object, details }));
      return dependants;
    };
    const dependants = await this.database.inTenant(tenantOf(call), work, { dryRun: call.dryRun });
    if (!call.dryRun) await this.removal.announce(dependants);
    return outcomeOf(call, dependants);
  }

  async #announceAddresses(unit: UnitOfWork, group: GroupEntity): Promise<void> {
    const { id, tenantId, version } = group;
    const data = { groupId: id, addresses: addressesOf(group, this.config) };
    await unit.emit(gatewayGroupAddressesChanged.create({ subject: id, tenantId, aggregateVersion: version, data }));
  }

  async #describe(unit: UnitOfWork, group: GroupEntity): Promise<GatewayGroup> {
    const revisions = await this.groups.revisionsOf(unit, [group.id]);
    return toGatewayGroup(group, addressesOf(group, this.config), revisions.get(group.id));
  }
}
