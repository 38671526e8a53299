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
import { ProjectEntity } from './project.entity.ts';

/** Projects, in units of a tenant. */
export const projectsRepository = {
  list(unit: UnitOfWork, filter: { name?: string | undefined }, page: PageRequest): Promise<Page<ProjectEntity>> {
    const query = unit.manager.createQueryBuilder(ProjectEntity, 'project');
    if (filter.name !== undefined) query.andWhere('project.name = :name', filter);
    return readPage(query, page);
  },

  /** @throws ApiError `resource.not_found` */
  async get(unit: UnitOfWork, id: string): Promise<ProjectEntity> {
    const row = await unit.manager.findOneBy(ProjectEntity, { id });
    if (!row) throw new ApiError(commonErrors.notFound);
    return row;
  },

  insert: (unit: UnitOfWork, row: ProjectEntity): Promise<void> => insertRow(unit, ProjectEntity, row),

  /** Returns the new version. */
  update(
    unit: UnitOfWork,
    change: { id: string; expectedVersion: number; set: { name?: string; description?: string } },
  ): Promise<number> {
    return updateVersioned(unit, ProjectEntity, { ...change, set: { ...change.set, updatedAt: new Date() } });
  },

  delete: (unit: UnitOfWork, row: { id: string; expectedVersion: number }): Promise<void> =>
    deleteVersioned(unit, ProjectEntity, row),
};
