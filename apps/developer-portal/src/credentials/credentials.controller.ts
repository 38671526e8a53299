import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { listCredentials, revokeCredential } from '@tollgate/contracts/rest/portal';
import { ApiController, Implements } from '@tollgate/platform';
import { CredentialsService } from './credentials.service.ts';

@ApiController()
export class CredentialsController {
  constructor(@Inject(CredentialsService) private readonly credentials: CredentialsService) {}

  @Implements(listCredentials)
  list(call: EndpointCall<typeof listCredentials>): Promise<EndpointResult<typeof listCredentials>> {
    return this.credentials.list(call);
  }

  @Implements(revokeCredential)
  revoke(call: EndpointCall<typeof revokeCredential>): Promise<EndpointResult<typeof revokeCredential>> {
    return this.credentials.revoke(call);
  }
}
