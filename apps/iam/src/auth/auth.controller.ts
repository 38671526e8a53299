import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  acceptInvitation,
  logIn,
  logOut,
  requestPasswordReset,
  resetPassword,
  signUp,
  switchTenant,
} from '@tollgate/contracts/rest/iam';
import { ApiController, Implements } from '@tollgate/platform';
import { AcceptInvitationService } from '../invitations/accept-invitation.service.ts';
import { LoginService } from './login.service.ts';
import { PasswordResetService } from './password-reset.service.ts';
import { SignUpService } from './sign-up.service.ts';

@ApiController()
export class AuthController {
  constructor(
    @Inject(SignUpService) private readonly signUps: SignUpService,
    @Inject(LoginService) private readonly logins: LoginService,
    @Inject(AcceptInvitationService) private readonly invitations: AcceptInvitationService,
    @Inject(PasswordResetService) private readonly resets: PasswordResetService,
  ) {}

  @Implements(signUp)
  signUp(call: EndpointCall<typeof signUp>): Promise<EndpointResult<typeof signUp>> {
    return this.signUps.signUp(call);
  }

  @Implements(logIn)
  logIn(call: EndpointCall<typeof logIn>): Promise<EndpointResult<typeof logIn>> {
    return this.logins.logIn(call);
  }

  @Implements(logOut)
  async logOut(call: EndpointCall<typeof logOut>): Promise<undefined> {
    await this.logins.logOut(call);
  }

  @Implements(switchTenant)
  async switchTenant(call: EndpointCall<typeof switchTenant>): Promise<undefined> {
    await this.logins.switchTenant(call);
  }

  @Implements(acceptInvitation)
  acceptInvitation(call: EndpointCall<typeof acceptInvitation>): Promise<EndpointResult<typeof acceptInvitation>> {
    return this.invitations.accept(call);
  }

  @Implements(requestPasswordReset)
  async requestPasswordReset(call: EndpointCall<typeof requestPasswordReset>): Promise<undefined> {
    await this.resets.request(call);
  }

  @Implements(resetPassword)
  async resetPassword(call: EndpointCall<typeof resetPassword>): Promise<undefined> {
    await this.resets.reset(call);
  }
}
