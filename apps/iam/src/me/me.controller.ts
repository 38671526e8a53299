import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  changePassword,
  endSession,
  eraseMe,
  exportMe,
  getMe,
  listSessions,
  renameMe,
} from '@tollgate/contracts/rest/iam';
import { ApiController, Implements, principalOf } from '@tollgate/platform';
import { ErasureService } from './erasure.service.ts';
import { MeService } from './me.service.ts';

@ApiController()
export class MeController {
  constructor(
    @Inject(MeService) private readonly me: MeService,
    @Inject(ErasureService) private readonly erasure: ErasureService,
  ) {}

  @Implements(getMe)
  get(call: EndpointCall<typeof getMe>): Promise<EndpointResult<typeof getMe>> {
    return this.me.get(principalOf(call));
  }

  @Implements(renameMe)
  rename(call: EndpointCall<typeof renameMe>): Promise<EndpointResult<typeof renameMe>> {
    return this.me.rename(call);
  }

  @Implements(changePassword)
  async changePassword(call: EndpointCall<typeof changePassword>): Promise<undefined> {
    await this.me.changePassword(call);
  }

  @Implements(listSessions)
  listSessions(call: EndpointCall<typeof listSessions>): Promise<EndpointResult<typeof listSessions>> {
    return this.me.listSessions(call);
  }

  @Implements(endSession)
  async endSession(call: EndpointCall<typeof endSession>): Promise<undefined> {
    await this.me.endSession(call);
  }

  @Implements(exportMe)
  export(call: EndpointCall<typeof exportMe>): Promise<EndpointResult<typeof exportMe>> {
    return this.erasure.export(call);
  }

  @Implements(eraseMe)
  async erase(call: EndpointCall<typeof eraseMe>): Promise<undefined> {
    await this.erasure.erase(call);
  }
}
