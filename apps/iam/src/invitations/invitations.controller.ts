import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { createInvitation, listInvitations, revokeInvitation } from '@tollgate/contracts/rest/iam';
import { ApiController, Implements } from '@tollgate/platform';
import { InvitationsService } from './invitations.service.ts';

@ApiController()
export class InvitationsController {
  constructor(@Inject(InvitationsService) private readonly invitations: InvitationsService) {}

  @Implements(listInvitations)
  list(call: EndpointCall<typeof listInvitations>): Promise<EndpointResult<typeof listInvitations>> {
    return this.invitations.list(call);
  }

  @Implements(createInvitation)
  create(call: EndpointCall<typeof createInvitation>): Promise<EndpointResult<typeof createInvitation>> {
    return this.invitations.create(call);
  }

  @Implements(revokeInvitation)
  async revoke(call: EndpointCall<typeof revokeInvitation>): Promise<undefined> {
    await this.invitations.revoke(call);
  }
}
