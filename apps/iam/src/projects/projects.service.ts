import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@tollgate/contracts';
import { commonErrors } from '@tollgate/contracts/errors';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import {
  createProject,
  deleteProject,
  type getProject,
  type listProjects,
  type Project,
  updateProject,
} from '@tollgate/contracts/rest/iam';
import { Database, isForeignKeyViolation, mapPage } from '@tollgate/persistence';
import { ApiError, tenantOf } from '@tollgate/platform';
import { addEnvironment } from '../environments/add-environment.ts';
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

  async delete(call: EndpointCall<typeof deleteProject>): Promise<void> {
    const id = call.params.projectId;
    try {
      await this.database.inTenant(tenantOf(call), async (unit) => {
        await projectsRepository.delete(unit, { id, expectedVersion: call.ifMatch ?? 0 });
        await unit.audit(auditEntry(call, deleteProject, { kind: 'project', id }));
      });
    } catch (cause) {
      if (!isForeignKeyViolation(cause, 'environments_project_fkey')) throw cause;
      throw new ApiError(commonErrors.inUse, { detail: 'The project still has environments.', cause });
    }
  }
}

function toProject(row: ProjectEntity): Project {
  const { id, name, description, version, createdAt, updatedAt } = row;
  return { id, name, description, version, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
