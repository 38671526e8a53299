import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  approveDeveloper,
  getDeveloper,
  listDevelopers,
  refuseDeveloper,
  resumeDeveloper,
  suspendDeveloper,
} from '@tollgate/contracts/rest/portal';
import { ApiController, Implements } from '@tollgate/platform';
import { DevelopersService } from './developers.service.ts';

@ApiController()
export class DevelopersController {
  constructor(@Inject(DevelopersService) private readonly developers: DevelopersService) {}

  @Implements(listDevelopers)
  list(call: EndpointCall<typeof listDevelopers>): Promise<EndpointResult<typeof listDevelopers>> {
    return this.developers.list(call);
  }

  @Implements(getDeveloper)
  get(call: EndpointCall<typeof getDeveloper>): Promise<EndpointResult<typeof getDeveloper>> {
    return this.developers.get(call);
  }

  @Implements(approveDeveloper)
  approve(call: EndpointCall<typeof approveDeveloper>): Promise<EndpointResult<typeof approveDeveloper>> {
    return this.developers.take(call, 'approve');
  }

  @Implements(refuseDeveloper)
  refuse(call: EndpointCall<typeof refuseDeveloper>): Promise<EndpointResult<typeof refuseDeveloper>> {
    return this.developers.take(call, 'refuse');
  }

  @Implements(suspendDeveloper)
  suspend(call: EndpointCall<typeof suspendDeveloper>): Promise<EndpointResult<typeof suspendDeveloper>> {
    return this.developers.take(call, 'suspend');
  }

  @Implements(resumeDeveloper)
  resume(call: EndpointCall<typeof resumeDeveloper>): Promise<EndpointResult<typeof resumeDeveloper>> {
    return this.developers.take(call, 'resume');
  }
}
