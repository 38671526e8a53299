import { Inject, Injectable } from '@nestjs/common';
import { environmentRenamed } from '@tollgate/contracts/events';
import type { EndpointCall, ForcedDeletion, Page } from '@tollgate/contracts/rest';
import {
  createEnvironment,
  deleteEnvironment,
  type Environment,
  type getEnvironment,
  type listEnvironments,
  updateEnvironment,
} from '@tollgate/contracts/rest/iam';
import { Database, mapPage, type UnitOfWork } from '@tollgate/persistence';
import { outcomeOf, tenantOf } from '@tollgate/platform';
import { projectsRepository } from '../projects/projects.repository.ts';
import { auditEntry } from '../shared/audit.ts';
import { refuseTaken } from '../shared/taken.ts';
import { addEnvironment } from './add-environment.ts';
import type { EnvironmentEntity } from './environment.entity.ts';
import { environmentsRepository } from './environments.repository.ts';
import { removeEnvironment } from './remove-environment.ts';

const uniqueNames = { environments_name_key: '/name' };

/** Stages of projects. */
@Injectable()
export class EnvironmentsService {
  constructor(@Inject(Database) private readonly database: Database) {}

  async list(call: EndpointCall<typeof listEnvironments>): Promise<Page<Environment>> {
    const { projectId, ...page } = call.query;
    const rows = await this.database.inTenant(tenantOf(call), (unit) =>
      environmentsRepository.list(unit, { projectId }, page),
    );
    return mapPage(rows, toEnvironment);
  }

  get(call: EndpointCall<typeof getEnvironment>): Promise<Environment> {
    return this.database.inTenant(tenantOf(call), async (unit) =>
      toEnvironment(await environmentsRepository.get(unit, call.params.environmentId)),
    );
  }

  create(call: EndpointCall<typeof createEnvironment>): Promise<Environment> {
    const { projectId, name } = call.body;
    return refuseTaken(uniqueNames, () =>
      this.database.inTenant(tenantOf(call), async (unit) => {
        const row = await addEnvironment(unit, await projectsRepository.get(unit, projectId), name);
        await unit.audit(auditEntry(call, createEnvironment, { kind: 'environment', id: row.id }, { projectId, name }));
        return toEnvironment(row);
      }),
    );
  }

  update(call: EndpointCall<typeof updateEnvironment>): Promise<Environment> {
    const id = call.params.environmentId;
    const change = { id, expectedVersion: call.ifMatch ?? 0, name: call.body.name };
    return refuseTaken(uniqueNames, () =>
      this.database.inTenant(tenantOf(call), async (unit) => {
        const version = await environmentsRepository.rename(unit, change);
        const row = await environmentsRepository.get(unit, id);
        const { tenantId, projectId, name } = row;
        const data = { environmentId: id, projectId, name };
        await unit.emit(environmentRenamed.create({ subject: id, tenantId, aggregateVersion: version, data }));
        await unit.audit(auditEntry(call, updateEnvironment, { kind: 'environment', id }, { name, version }));
        return toEnvironment(row);
      }),
    );
  }

  /** @throws ApiError `resource.in_use` while gateway groups belong to it, unless forced. */
  delete(call: EndpointCall<typeof deleteEnvironment>): Promise<ForcedDeletion | undefined> {
    const id = call.params.environmentId;
    const work = async (unit: UnitOfWork): Promise<ForcedDeletion | undefined> => {
      const environment = await environmentsRepository.get(unit, id);
      const how = { expectedVersion: call.ifMatch ?? 0, force: call.force };
      const outcome = outcomeOf(call, await removeEnvironment(unit, environment, how));
      const details = { projectId: environment.projectId, ...outcome };
      await unit.audit(auditEntry(call, deleteEnvironment, { kind: 'environment', id }, details));
      return outcome;
    };
    return this.database.inTenant(tenantOf(call), work, { dryRun: call.dryRun });
  }
}

function toEnvironment(row: Omit<EnvironmentEntity, 'project'>): Environment {
  const { id, projectId, name, version, createdAt, updatedAt } = row;
  return { id, projectId, name, version, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
