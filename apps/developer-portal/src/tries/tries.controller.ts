import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { createPortalTryRequest, createTryCredential } from '@tollgate/contracts/rest/portal';
import { ApiController, Implements } from '@tollgate/platform';
import { TryCredentialsService } from './try-credentials.service.ts';
import { TryRequestsService } from './try-requests.service.ts';

@ApiController()
export class TriesController {
  constructor(
    @Inject(TryCredentialsService) private readonly credentials: TryCredentialsService,
    @Inject(TryRequestsService) private readonly requests: TryRequestsService,
  ) {}

  @Implements(createTryCredential)
  createCredential(
    call: EndpointCall<typeof createTryCredential>,
  ): Promise<EndpointResult<typeof createTryCredential>> {
    return this.credentials.create(call);
  }

  @Implements(createPortalTryRequest)
  tryRequest(
    call: EndpointCall<typeof createPortalTryRequest>,
  ): Promise<EndpointResult<typeof createPortalTryRequest>> {
    return this.requests.try(call);
  }
}
