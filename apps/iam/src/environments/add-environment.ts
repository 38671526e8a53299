import { newId } from '@tollgate/contracts';
import { environmentCreated } from '@tollgate/contracts/events';
import type { UnitOfWork } from '@tollgate/persistence';
import { environmentsRepository } from './environments.repository.ts';

/** The project that an environment is added to. */
export interface EnvironmentParent {
  id: string;
  tenantId: string;
  name: string;
}

/** Adds an environment to a project and tells the other services. */
export async function addEnvironment(unit: UnitOfWork, project: EnvironmentParent, name: string) {
  const now = new Date();
  const { tenantId, id: projectId } = project;
  const row = { id: newId('env'), tenantId, projectId, name, version: 1, createdAt: now, updatedAt: now };
  await environmentsRepository.insert(unit, row);
  const data = { environmentId: row.id, projectId, name, projectName: project.name };
  await unit.emit(environmentCreated.create({ subject: row.id, tenantId, aggregateVersion: 1, data }));
  return row;
}
