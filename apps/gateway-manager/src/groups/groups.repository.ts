import { Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { Page, PageQuery } from '@tollgate/contracts/rest';
import {
  deleteVersioned,
  getForChange,
  insertRow,
  isUniqueViolation,
  readPage,
  whereContains,
  updateVersioned,
  type UnitOfWork,
} from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { GroupEntity } from './group.entity.ts';

/** Which groups a list holds. */
export interface GroupFilter {
  environmentId?: string | undefined;
  /** Groups whose draft refers to the template. */
  policyTemplateId?: string | undefined;
  /** Part of the id or the name. */
  search?: string | undefined;
}

@Injectable()
export class GroupsRepository {
  async list({ manager }: UnitOfWork, page: PageQuery, filter: GroupFilter): Promise<Page<GroupEntity>> {
    const query = manager.createQueryBuilder(GroupEntity, 'grp');
    if (filter.environmentId !== undefined) query.andWhere('grp.environmentId = :environmentId', filter);
    if (filter.policyTemplateId !== undefined) {
      const uses = 'select from draft_resources d where d.group_id = grp.id and d.template_id = :policyTemplateId';
      query.andWhere(`exists (${uses})`, filter);
    }
    whereContains(query, ['grp.id', 'grp.name'], filter.search);
    return readPage(query, page);
  }

  /** @throws ApiError `resource.not_found` */
  async get({ manager }: UnitOfWork, id: string): Promise<GroupEntity> {
    const group = await manager.findOneBy(GroupEntity, { id });
    if (group === null) throw new ApiError(commonErrors.notFound);
    return group;
  }

  /** Groups whose draft or revision in force refers to a policy template, by id, at most `limit`. */
  async findUsersOf({ manager }: UnitOfWork, policyTemplateId: string, limit: number): Promise<string[]> {
    const rows = await manager.query<{ id: string }[]>(
      `select g.id from gateway_groups g
       where exists (select from draft_resources d where d.group_id = g.id and d.template_id = $1)
          or exists (select from published_resources p
                     where p.group_id = g.id and p.kind = 'plugin_config' and starts_with(p.id, $1 || '.'))
       order by g.id limit $2`,
      [policyTemplateId, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** The numbers of the revisions in force, by group. */
  async revisionsOf({ manager }: UnitOfWork, groupIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await manager.query<{ groupId: string; position: number }[]>(
      `select group_id as "groupId", position from sequence_heads where group_id = any($1) and sequence = 'revision'`,
      [groupIds],
    );
    return new Map(rows.map(({ groupId, position }) => [groupId, position]));
  }

  /** @throws ApiError `resource.conflict` when the tenant has a group of this name. */
  async insert(unit: UnitOfWork, group: GroupEntity): Promise<void> {
    try {
      await insertRow(unit, GroupEntity, group);
    } catch (cause) {
      if (!isUniqueViolation(cause, 'gateway_groups_name_key')) throw cause;
      throw new ApiError(commonErrors.conflict, { detail: 'There is a gateway group of this name.', cause });
    }
  }

  /** Groups of an environment, by id. */
  findIn({ manager }: UnitOfWork, environmentId: string): Promise<GroupEntity[]> {
    return manager.find(GroupEntity, { where: { environmentId }, order: { id: 'asc' } });
  }

  lock(unit: UnitOfWork, id: string, expectedVersion?: number): Promise<GroupEntity> {
    return getForChange(unit, GroupEntity, id, expectedVersion);
  }

  async change(
    unit: UnitOfWork,
    group: GroupEntity,
    set: Partial<
      Pick<GroupEntity, 'errorFormat' | 'maxAccessAgeSeconds' | 'quotaWhenCutOff' | 'upstreams' | 'publicUrls'>
    >,
  ): Promise<GroupEntity> {
    const updatedAt = new Date();
    const change = { id: group.id, expectedVersion: group.version, set: { ...set, updatedAt } };
    const version = await updateVersioned(unit, GroupEntity, change);
    return { ...group, ...set, version, updatedAt };
  }

  /** The group, locked so that units which depend on what others write into it take turns; everybody else goes on. */
  async takeTurns({ manager }: UnitOfWork, id: string): Promise<GroupEntity> {
    const group = await manager.findOne(GroupEntity, { where: { id }, lock: { mode: 'for_no_key_update' } });
    if (group === null) throw new ApiError(commonErrors.notFound);
    return group;
  }

  /** Deletes the group with everything in it. */
  async delete(unit: UnitOfWork, group: GroupEntity): Promise<void> {
    await unit.manager.query('delete from draft_resources where group_id = $1', [group.id]);
    await deleteVersioned(unit, GroupEntity, { id: group.id, expectedVersion: group.version });
  }

  /** API products whose routes are sold in the group. */
  async productsIn({ manager }: UnitOfWork, groupId: string): Promise<{ id: string; name: string }[]> {
    return manager.query(
      `select id, name from portal_products
       where not is_deleted and bindings @> jsonb_build_array(jsonb_build_object('groupId', $1::text)) order by id`,
      [groupId],
    );
  }

  /** The groups that a pool serves, for the link; all tenants. */
  async listOfPool({ manager }: UnitOfWork, poolId: string): Promise<{ groupId: string; tenantId: string }[]> {
    return manager.query(
      `select id as "groupId", tenant_id as "tenantId" from gateway_groups where pool_id = $1 order by id`,
      [poolId],
    );
  }

  /** All groups of all tenants and their pools. */
  async listAll({ manager }: UnitOfWork): Promise<{ groupId: string; poolId: string }[]> {
    return manager.query('select id as "groupId", pool_id as "poolId" from gateway_groups');
  }

  /** The owner of a group, for the link. */
  async findTenantId({ manager }: UnitOfWork, groupId: string): Promise<string | null> {
    const [row] = await manager.query<{ tenantId: string }[]>(
      `select tenant_id as "tenantId" from gateway_groups where id = $1`,
      [groupId],
    );
    return row?.tenantId ?? null;
  }
}
