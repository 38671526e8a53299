import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  createMyApplication,
  deleteMyApplication,
  getMyApplication,
  listMyApplications,
  updateMyApplication,
} from '@tollgate/contracts/rest/portal';
import { ApiController, Implements } from '@tollgate/platform';
import { MyApplicationsService } from './my-applications.service.ts';

@ApiController()
export class MyApplicationsController {
  constructor(@Inject(MyApplicationsService) private readonly applications: MyApplicationsService) {}

  @Implements(listMyApplications)
  list(call: EndpointCall<typeof listMyApplications>): Promise<EndpointResult<typeof listMyApplications>> {
    return this.applications.list(call);
  }

  @Implements(createMyApplication)
  create(call: EndpointCall<typeof createMyApplication>): Promise<EndpointResult<typeof createMyApplication>> {
    return this.applications.create(call);
  }

  @Implements(getMyApplication)
  get(call: EndpointCall<typeof getMyApplication>): Promise<EndpointResult<typeof getMyApplication>> {
    return this.applications.get(call);
  }

  @Implements(updateMyApplication)
  update(call: EndpointCall<typeof updateMyApplication>): Promise<EndpointResult<typeof updateMyApplication>> {
    return this.applications.update(call);
  }

  @Implements(deleteMyApplication)
  remove(call: EndpointCall<typeof deleteMyApplication>): Promise<EndpointResult<typeof deleteMyApplication>> {
    return this.applications.remove(call);
  }
}
