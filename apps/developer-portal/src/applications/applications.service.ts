import { Inject, Injectable } from '@nestjs/common';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import type { Application, getApplication, listApplications } from '@tollgate/contracts/rest/portal';
import { Database } from '@tollgate/persistence';
import { tenantOf } from '@tollgate/platform';
import { ApplicationsRepository } from './applications.repository.ts';

/** Applications as a tenant's admins see them. */
@Injectable()
export class ApplicationsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ApplicationsRepository) private readonly applications: ApplicationsRepository,
  ) {}

  list(call: EndpointCall<typeof listApplications>): Promise<Page<Application>> {
    const { developerId, ...page } = call.query;
    return this.database.inTenant(tenantOf(call), (unit) => this.applications.list(unit, page, developerId));
  }

  get(call: EndpointCall<typeof getApplication>): Promise<Application> {
    return this.database.inTenant(tenantOf(call), (unit) => this.applications.get(unit, call.params.applicationId));
  }
}
