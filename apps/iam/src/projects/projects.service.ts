import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@tollgate/contracts';
import { commonErrors } from '@tollgate/contracts/errors';
import type { Dependant, EndpointCall, ForcedDeletion, Page } from '@tollgate/contracts/rest';
import {
  createProject,
  deleteProject,
  type getProject,
  type listProjects,
  type Project,
  updateProject,
} from '@tollgate/contracts/rest/iam';
import { Database, isForeignKeyViolation, mapPage, type UnitOfWork } from '@tollgate/persistence';
import { ApiError, outcomeOf, tenantOf } from '@tollgate/platform';
import { addEnvironment } from '../environments/add-environment.ts';
import { environmentsRepository } from '../environments/environments.repository.ts';
import { removeEnvironment } from '../environments/remove-environment.ts';
import { auditEntry } from '../shared/audit.ts';
import { refuseTaken } from '../shared/taken.ts';
import type { ProjectEntity } from './project.entity.ts';
import { projectsRepository } from './projects.repository.ts';

const uniqueNames = { projects_name_key: '/name' };

/** A tenant's units of work. */
@Injectable()
export class ProjectsService {
  constructor(@Inject(Database) private readonly database: Database) {}

  async list(call: EndpointCall<typeof listProjects>): Promise<Page<Project>> {
    const { name, ...page } = call.query;
    const rows = await this.database.inTenant(tenantOf(call), (unit) => projectsRepository.list(unit, { name }, page));
    return mapPage(rows, toProject);
  }

  get(call: EndpointCall<typeof getProject>): Promise<Project> {
    return this.database.inTenant(tenantOf(call), async (unit) =>
      toProject(await projectsRepository.get(unit, call.params.projectId)),
    );
  }

  async create(call: EndpointCall<typeof createProject>): Promise<Project> {
    const tenantId = tenantOf(call);
    const { name, description, environments } = call.body;
    const now = new Date();
    const row: ProjectEntity = {
      id: newId('prj'),
      tenantId,
      name,
      description,
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    const work = () =>
      this.database.inTenant(
        tenantId,
        async (unit) => {
          await projectsRepository.insert(unit, row);
          for (const environment of environments) await addEnvironment(unit, row, environment);
          await unit.audit(auditEntry(call, createProject, { kind: 'project', id: row.id }, { name, environments }));
          return toProject(row);
        },
        { dryRun: call.dryRun },
      );
    return refuseTaken(uniqueNames, work);
  }

  async update(call: EndpointCall<typeof updateProject>): Promise<Project> {
    const id = call.params.projectId;
    const change = { id, expectedVersion: call.ifMatch ?? 0, set: call.body };
    const work = () =>
      this.database.inTenant(
        tenantOf(call),
        async (unit) => {
          const version = await projectsRepository.update(unit, change);
          await unit.audit(auditEntry(call, updateProject, { kind: 'project', id }, { ...call.body, version }));
          return toProject(await projectsRepository.get(unit, id));
        },
        { dryRun: call.dryRun },
      );
    return refuseTaken(uniqueNames, work);
  }

  /** @throws ApiError `resource.in_use` while it has environments, unless forced. */
  async delete(call: EndpointCall<typeof deleteProject>): Promise<ForcedDeletion | undefined> {
    const id = call.params.projectId;
    const work = async (unit: UnitOfWork): Promise<ForcedDeletion | undefined> => {
      const outcome = outcomeOf(call, await removeEnvironments(unit, id, call.force));
      await projectsRepository.delete(unit, { id, expectedVersion: call.ifMatch ?? 0 });
      await unit.audit(auditEntry(call, deleteProject, { kind: 'project', id }, { ...outcome }));
      return outcome;
    };
    try {
      return await this.database.inTenant(tenantOf(call), work, { dryRun: call.dryRun });
    } catch (cause) {
      if (!isForeignKeyViolation(cause, 'environments_project_fkey')) throw cause;
      throw new ApiError(commonErrors.inUse, { detail: 'An environment was added this moment.', cause });
    }
  }
}

/** By force, ends all stages of a project. @throws ApiError `resource.in_use` naming them, unless forced. */
async function removeEnvironments(unit: UnitOfWork, projectId: string, force: boolean): Promise<Dependant[]> {
  const environments = await environmentsRepository.lockOf(unit, projectId);
  if (!force && environments.length > 0) {
    const errors = environments.map(({ id, name }) => ({
      pointer: `/environments/${id}`,
      message: `The environment ${name} belongs to it.`,
    }));
    throw new ApiError(commonErrors.inUse, { detail: 'The project still has environments.', errors });
  }
  const dependants: Dependant[] = [];
  for (const environment of environments) {
    dependants.push({ kind: 'environment', id: environment.id, effect: 'deleted' });
    dependants.push(...(await removeEnvironment(unit, environment, { force })));
  }
  return dependants;
}

function toProject(row: ProjectEntity): Project {
  const { id, name, description, version, createdAt, updatedAt } = row;
  return { id, name, description, version, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
