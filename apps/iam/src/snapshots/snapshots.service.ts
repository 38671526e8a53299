import { Inject, Injectable } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import type { snapshotEnvironments, snapshotTenants } from '@tollgate/contracts/rest/iam';
import { Database, mapPage } from '@tollgate/persistence';
import { environmentsRepository } from '../environments/environments.repository.ts';
import { tenantsRepository } from '../tenants/tenants.repository.ts';

const purpose = 'snapshot';

/** Everything that other services keep copies of, page by page, so that they can rebuild or check them. */
@Injectable()
export class SnapshotsService {
  constructor(@Inject(Database) private readonly database: Database) {}

  async tenants({ query }: EndpointCall<typeof snapshotTenants>): Promise<EndpointResult<typeof snapshotTenants>> {
    const page = await this.database.inSystem(purpose, (unit) => tenantsRepository.list(unit, {}, query));
    return mapPage(page, ({ id, slug, name, status, billingTimeZone, version }) => ({
      tenantId: id,
      slug,
      name,
      status,
      billingTimeZone,
      version,
    }));
  }

  async environments({
    query,
  }: EndpointCall<typeof snapshotEnvironments>): Promise<EndpointResult<typeof snapshotEnvironments>> {
    const page = await this.database.inSystem(purpose, (unit) => environmentsRepository.listWithProjects(unit, query));
    return mapPage(page, ({ id, tenantId, projectId, name, project, version }) => ({
      environmentId: id,
      tenantId,
      projectId,
      name,
      projectName: project.name,
      version,
    }));
  }
}
