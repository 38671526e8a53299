import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  eraseMyDeveloper,
  exportMyDeveloper,
  getMyDeveloper,
  logInDeveloper,
  logOutDeveloper,
  requestDeveloperPasswordReset,
  resetDeveloperPassword,
  signUpDeveloper,
  verifyDeveloperMail,
} from '@tollgate/contracts/rest/portal';
import { ApiController, Implements } from '@tollgate/platform';
import { AccountService } from './account.service.ts';
import { ErasureService } from './erasure.service.ts';
import { RequestPasswordResetService } from './request-password-reset.service.ts';
import { ResetPasswordService } from './reset-password.service.ts';
import { SignUpService } from './sign-up.service.ts';

@ApiController()
export class AccountController {
  constructor(
    @Inject(SignUpService) private readonly signUps: SignUpService,
    @Inject(AccountService) private readonly account: AccountService,
    @Inject(RequestPasswordResetService) private readonly resetRequests: RequestPasswordResetService,
    @Inject(ResetPasswordService) private readonly resets: ResetPasswordService,
    @Inject(ErasureService) private readonly erasure: ErasureService,
  ) {}

  @Implements(signUpDeveloper)
  signUp(call: EndpointCall<typeof signUpDeveloper>): Promise<EndpointResult<typeof signUpDeveloper>> {
    return this.signUps.signUp(call);
  }

  @Implements(verifyDeveloperMail)
  verifyMail(call: EndpointCall<typeof verifyDeveloperMail>): Promise<EndpointResult<typeof verifyDeveloperMail>> {
    return this.signUps.verifyMail(call);
  }

  @Implements(logInDeveloper)
  logIn(call: EndpointCall<typeof logInDeveloper>): Promise<EndpointResult<typeof logInDeveloper>> {
    return this.account.logIn(call);
  }

  @Implements(requestDeveloperPasswordReset)
  requestPasswordReset(
    call: EndpointCall<typeof requestDeveloperPasswordReset>,
  ): Promise<EndpointResult<typeof requestDeveloperPasswordReset>> {
    return this.resetRequests.request(call);
  }

  @Implements(resetDeveloperPassword)
  async resetPassword(
    call: EndpointCall<typeof resetDeveloperPassword>,
  ): Promise<EndpointResult<typeof resetDeveloperPassword>> {
    await this.resets.reset(call);
  }

  @Implements(logOutDeveloper)
  async logOut(call: EndpointCall<typeof logOutDeveloper>): Promise<EndpointResult<typeof logOutDeveloper>> {
    await this.account.logOut(call);
  }

  @Implements(getMyDeveloper)
  me(call: EndpointCall<typeof getMyDeveloper>): Promise<EndpointResult<typeof getMyDeveloper>> {
    return this.account.me(call);
  }

  @Implements(exportMyDeveloper)
  export(call: EndpointCall<typeof exportMyDeveloper>): Promise<EndpointResult<typeof exportMyDeveloper>> {
    return this.account.export(call);
  }

  @Implements(eraseMyDeveloper)
  async erase(call: EndpointCall<typeof eraseMyDeveloper>): Promise<EndpointResult<typeof eraseMyDeveloper>> {
    await this.erasure.erase(call);
  }
}
