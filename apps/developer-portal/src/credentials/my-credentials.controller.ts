import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  issueMyCredential,
  listMyCredentials,
  revokeMyCredential,
  rotateMyCredential,
} from '@tollgate/contracts/rest/portal';
import { ApiController, Implements } from '@tollgate/platform';
import { MyCredentialsService } from './my-credentials.service.ts';

@ApiController()
export class MyCredentialsController {
  constructor(@Inject(MyCredentialsService) private readonly credentials: MyCredentialsService) {}

  @Implements(listMyCredentials)
  list(call: EndpointCall<typeof listMyCredentials>): Promise<EndpointResult<typeof listMyCredentials>> {
    return this.credentials.list(call);
  }

  @Implements(issueMyCredential)
  issue(call: EndpointCall<typeof issueMyCredential>): Promise<EndpointResult<typeof issueMyCredential>> {
    return this.credentials.issue(call);
  }

  @Implements(rotateMyCredential)
  rotate(call: EndpointCall<typeof rotateMyCredential>): Promise<EndpointResult<typeof rotateMyCredential>> {
    return this.credentials.rotate(call);
  }

  @Implements(revokeMyCredential)
  revoke(call: EndpointCall<typeof revokeMyCredential>): Promise<EndpointResult<typeof revokeMyCredential>> {
    return this.credentials.revoke(call);
  }
}
