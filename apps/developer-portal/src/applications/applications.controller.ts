import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { getApplication, listApplications } from '@tollgate/contracts/rest/portal';
import { ApiController, Implements } from '@tollgate/platform';
import { ApplicationsService } from './applications.service.ts';

@ApiController()
export class ApplicationsController {
  constructor(@Inject(ApplicationsService) private readonly applications: ApplicationsService) {}

  @Implements(listApplications)
  list(call: EndpointCall<typeof listApplications>): Promise<EndpointResult<typeof listApplications>> {
    return this.applications.list(call);
  }

  @Implements(getApplication)
  get(call: EndpointCall<typeof getApplication>): Promise<EndpointResult<typeof getApplication>> {
    return this.applications.get(call);
  }
}
