import { commonErrors } from '@tollgate/contracts/errors';
import type { UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { ProjectEntity } from './project.entity.ts';

/** @throws ApiError `resource.not_found` */
export async function getProjectRow(unit: UnitOfWork, id: string): Promise<ProjectEntity> {
  const row = await unit.manager.findOneBy(ProjectEntity, { id });
  if (!row) throw new ApiError(commonErrors.notFound);
  return row;
}
