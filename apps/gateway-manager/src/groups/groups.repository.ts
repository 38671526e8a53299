import { Injectable } from '@nestjs/common';
import { newId } from '@tollgate/contracts';
import { commonErrors } from '@tollgate/contracts/errors';
import type { Page, PageQuery } from '@tollgate/contracts/rest';
import {
  deleteVersioned,
  getForChange,
  isForeignKeyViolation,
  isUniqueViolation,
  readPage,
  updateVersioned,
  type UnitOfWork,
} from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { PoolEntity } from '../pools/pool.entity.ts';
import { GroupEntity } from './group.entity.ts';

/** Which groups a list holds. */
export interface GroupFilter {
  environmentId?: string | undefined;
  /** Groups whose draft refers to the template. */
  policyTemplateId?: string | undefined;
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
    return readPage(query, page);
  }

  /** @throws ApiError `resource.not_found` */
  async get({ manager }: UnitOfWork, id: string): Promise<GroupEntity> {
    const group = await manager.findOneBy(GroupEntity, { id });
    if (group === null) throw new ApiError(commonErrors.notFound);
    return group;
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
  async insert({ manager }: UnitOfWork, group: GroupEntity): Promise<void> {
    try {
      await manager.insert(GroupEntity, group);
    } catch (cause) {
      if (!isUniqueViolation(cause, 'gateway_groups_name_key')) throw cause;
      throw new ApiError(commonErrors.conflict, { detail: 'There is a gateway group of this name.', cause });
    }
  }

  lock(unit: UnitOfWork, id: string, expectedVersion?: number): Promise<GroupEntity> {
    return getForChange(unit, GroupEntity, id, expectedVersion);
  }

  async change(
    unit: UnitOfWork,
    group: GroupEntity,
    set: Partial<Pick<GroupEntity, 'errorFormat' | 'maxAccessAgeSeconds' | 'quotaWhenCutOff'>>,
  ): Promise<GroupEntity> {
    const updatedAt = new Date();
    const change = { id: group.id, expectedVersion: group.version, set: { ...set, updatedAt } };
    const version = await updateVersioned(unit, GroupEntity, change);
    return { ...group, ...set, version, updatedAt };
  }

  /** Deletes the group with everything in it. */
  async delete(unit: UnitOfWork, group: GroupEntity): Promise<void> {
    await unit.manager.query('delete from draft_resources where group_id = $1', [group.id]);
    await deleteVersioned(unit, GroupEntity, { id: group.id, expectedVersion: group.version });
  }

  /** Makes the pool of a self-hosted group and returns its id. */
  async insertOwnPool({ manager, tenantId }: UnitOfWork, name: string): Promise<string> {
    const id = newId('pool');
    await manager.insert(PoolEntity, { id, tenantId, name, kind: 'self-hosted' });
    return id;
  }

  /** @throws ApiError `resource.in_use` while data planes are enrolled into it. */
  async deleteOwnPool({ manager }: UnitOfWork, poolId: string): Promise<void> {
    try {
      await manager.delete(PoolEntity, { id: poolId });
    } catch (cause) {
      if (!isForeignKeyViolation(cause)) throw cause;
      throw new ApiError(commonErrors.inUse, {
        detail: 'Data planes are enrolled into the pool of this group.',
        cause,
      });
    }
  }

  /** API products whose routes are sold in the group. */
  async productsIn({ manager }: UnitOfWork, groupId: string): Promise<{ id: string; name: string }[]> {
    return manager.query(
      `select id, name from portal_products
       where bindings @> jsonb_build_array(jsonb_build_object('groupId', $1::text)) order by id limit 50`,
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
