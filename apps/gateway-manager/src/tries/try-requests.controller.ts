import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { createTryRequest, tryRequestForService } from '@tollgate/contracts/rest/gateway';
import { ApiController, Implements } from '@tollgate/platform';
import { TryRequestsService } from './try-requests.service.ts';

@ApiController()
export class TryRequestsController {
  constructor(@Inject(TryRequestsService) private readonly tries: TryRequestsService) {}

  @Implements(createTryRequest)
  tryForPerson(call: EndpointCall<typeof createTryRequest>): Promise<EndpointResult<typeof createTryRequest>> {
    return this.tries.tryForPerson(call);
  }

  @Implements(tryRequestForService)
  tryForService(call: EndpointCall<typeof tryRequestForService>): Promise<EndpointResult<typeof tryRequestForService>> {
    return this.tries.tryForService(call);
  }
}
