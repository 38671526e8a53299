import { newId } from '@tollgate/contracts';
import { commonErrors } from '@tollgate/contracts/errors';
import { environmentCreated } from '@tollgate/contracts/events';
import type { UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import type { ProjectEntity } from '../projects/project.entity.ts';
import { EnvironmentEntity } from './environment.entity.ts';

/** Adds an environment to a project and tells the other services. */
export async function insertEnvironment(
  unit: UnitOfWork,
  project: ProjectEntity,
  name: string,
): Promise<EnvironmentEntity> {
  const now = new Date();
  const { tenantId } = project;
  const row = { id: newId('env'), tenantId, projectId: project.id, name, version: 1, createdAt: now, updatedAt: now };
  await unit.manager.insert(EnvironmentEntity, row);
  await unit.emit(
    environmentCreated.create({
      subject: row.id,
      tenantId,
      aggregateVersion: 1,
      data: { environmentId: row.id, projectId: project.id, name, projectName: project.name },
    }),
  );
  return { ...row, project };
}

/** @throws ApiError `resource.not_found` */
export async function getEnvironmentRow(unit: UnitOfWork, id: string): Promise<EnvironmentEntity> {
  const row = await unit.manager.findOneBy(EnvironmentEntity, { id });
  if (!row) throw new ApiError(commonErrors.notFound);
  return row;
}
