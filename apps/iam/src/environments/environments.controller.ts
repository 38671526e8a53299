import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  createEnvironment,
  deleteEnvironment,
  getEnvironment,
  listEnvironments,
  updateEnvironment,
} from '@tollgate/contracts/rest/iam';
import { ApiController, Implements } from '@tollgate/platform';
import { EnvironmentsService } from './environments.service.ts';

@ApiController()
export class EnvironmentsController {
  constructor(@Inject(EnvironmentsService) private readonly environments: EnvironmentsService) {}

  @Implements(listEnvironments)
  list(call: EndpointCall<typeof listEnvironments>): Promise<EndpointResult<typeof listEnvironments>> {
    return this.environments.list(call);
  }

  @Implements(getEnvironment)
  get(call: EndpointCall<typeof getEnvironment>): Promise<EndpointResult<typeof getEnvironment>> {
    return this.environments.get(call);
  }

  @Implements(createEnvironment)
  create(call: EndpointCall<typeof createEnvironment>): Promise<EndpointResult<typeof createEnvironment>> {
    return this.environments.create(call);
  }

  @Implements(updateEnvironment)
  update(call: EndpointCall<typeof updateEnvironment>): Promise<EndpointResult<typeof updateEnvironment>> {
    return this.environments.update(call);
  }

  @Implements(deleteEnvironment)
  delete(call: EndpointCall<typeof deleteEnvironment>): Promise<EndpointResult<typeof deleteEnvironment>> {
    return this.environments.delete(call);
  }
}
