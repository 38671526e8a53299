import { commonErrors } from '@tollgate/contracts/errors';
import type { Page } from '@tollgate/contracts/rest';
import {
  deleteVersioned,
  insertRow,
  type PageRequest,
  readPage,
  type UnitOfWork,
  updateVersioned,
} from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { EnvironmentUseEntity } from './environment-use.entity.ts';
import { EnvironmentEntity } from './environment.entity.ts';

const usesNamedAtMost = 50;

/** Environments and who uses them, in units of a tenant. */
export const environmentsRepository = {
  list(
    unit: UnitOfWork,
    filter: { projectId?: string | undefined },
    page: PageRequest,
  ): Promise<Page<EnvironmentEntity>> {
    const query = unit.manager.createQueryBuilder(EnvironmentEntity, 'environment');
    if (filter.projectId !== undefined) query.andWhere('environment.projectId = :projectId', filter);
    return readPage(query, page);
  },

  /** Of all tenants in a system unit; with their projects. */
  listWithProjects: (unit: UnitOfWork, page: PageRequest): Promise<Page<EnvironmentEntity>> =>
    readPage(
      unit.manager
        .createQueryBuilder(EnvironmentEntity, 'environment')
        .innerJoinAndSelect('environment.project', 'project'),
      page,
    ),

  /** @throws ApiError `resource.not_found` */
  async get(unit: UnitOfWork, id: string): Promise<EnvironmentEntity> {
    const row = await unit.manager.findOneBy(EnvironmentEntity, { id });
    if (!row) throw new ApiError(commonErrors.notFound);
    return row;
  },

  insert: (unit: UnitOfWork, row: Omit<EnvironmentEntity, 'project'>): Promise<void> =>
    insertRow(unit, EnvironmentEntity, row),

  /** Returns the new version. */
  rename(unit: UnitOfWork, change: { id: string; expectedVersion: number; name: string }): Promise<number> {
    const { name, ...row } = change;
    return updateVersioned(unit, EnvironmentEntity, { ...row, set: { name, updatedAt: new Date() } });
  },

  delete: (unit: UnitOfWork, row: { id: string; expectedVersion: number }): Promise<void> =>
    deleteVersioned(unit, EnvironmentEntity, row),

  async addUse(unit: UnitOfWork, use: EnvironmentUseEntity): Promise<void> {
    await unit.manager.createQueryBuilder().insert().into(EnvironmentUseEntity).values(use).orIgnore().execute();
  },

  async removeUse(unit: UnitOfWork, groupId: string): Promise<void> {
    await unit.manager.delete(EnvironmentUseEntity, { groupId });
  },

  listUsesOfTenant: (unit: UnitOfWork): Promise<EnvironmentUseEntity[]> => unit.manager.find(EnvironmentUseEntity),

  listUses: (unit: UnitOfWork, environmentId: string): Promise<EnvironmentUseEntity[]> =>
    unit.manager.find(EnvironmentUseEntity, { where: { environmentId }, take: usesNamedAtMost }),

  listAllUses: (unit: UnitOfWork, environmentId: string): Promise<EnvironmentUseEntity[]> =>
    unit.manager.find(EnvironmentUseEntity, { where: { environmentId }, order: { groupId: 'asc' } }),

  /** All stages of a project, locked until the unit ends. */
  lockOf: (unit: UnitOfWork, projectId: string): Promise<EnvironmentEntity[]> =>
    unit.manager.find(EnvironmentEntity, {
      where: { projectId },
      order: { id: 'asc' },
      lock: { mode: 'pessimistic_write' },
    }),
};
