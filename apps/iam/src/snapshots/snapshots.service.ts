import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '@tollgate/contracts/auth';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import type { snapshotEnvironments, snapshotTenants } from '@tollgate/contracts/rest/iam';
import { Database, mapPage, type UnitOfWork } from '@tollgate/persistence';
import { environmentsRepository } from '../environments/environments.repository.ts';
import { tenantsRepository } from '../tenants/tenants.repository.ts';

const purpose = 'snapshot';

/** Everything that other services keep copies of, page by page, so that they can rebuild or check them. */
@Injectable()
export class SnapshotsService {
  constructor(@Inject(Database) private readonly database: Database) {}

  async tenants(call: EndpointCall<typeof snapshotTenants>): Promise<EndpointResult<typeof snapshotTenants>> {
    const page = await this.#read(call, (unit) => tenantsRepository.list(unit, {}, call.query));
    return mapPage(page, ({ id, slug, name, status, billingTimeZone, version }) => ({
      tenantId: id,
      slug,
      name,
      status,
      billingTimeZone,
      version,
    }));
  }

  async environments(
    call: EndpointCall<typeof snapshotEnvironments>,
  ): Promise<EndpointResult<typeof snapshotEnvironments>> {
    const page = await this.#read(call, (unit) => environmentsRepository.listWithProjects(unit, call.query));
    return mapPage(page, ({ id, tenantId, projectId, name, project, version }) => ({
      environmentId: id,
      tenantId,
      projectId,
      name,
      projectName: project.name,
      version,
    }));
  }

  /** Of the tenant that the caller names, or of all when it names none. */
  #read<T>(call: { principal: Principal | undefined }, work: (unit: UnitOfWork) => Promise<T>): Promise<T> {
    const tenantId = call.principal?.tenantId;
    return tenantId === undefined ? this.database.inSystem(purpose, work) : this.database.inTenant(tenantId, work);
  }
}
