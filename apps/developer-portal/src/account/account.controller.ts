import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  eraseMyDeveloper,
  exportMyDeveloper,
  getMyDeveloper,
  logInDeveloper,
  logOutDeveloper,
  signUpDeveloper,
  verifyDeveloperMail,
} from '@tollgate/contracts/rest/portal';
import { ApiController, Implements } from '@tollgate/platform';
import { AccountService } from './account.service.ts';
import { ErasureService } from './erasure.service.ts';
import { SignUpService } from './sign-up.service.ts';

@ApiController()
export class AccountController {
  constructor(
    @Inject(SignUpService) private readonly signUps: SignUpService,
    @Inject(AccountService) private readonly account: AccountService,
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
