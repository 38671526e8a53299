import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { createToken, listTokens, revokeToken } from '@tollgate/contracts/rest/iam';
import { ApiController, Implements } from '@tollgate/platform';
import { AccessTokensService } from './access-tokens.service.ts';

@ApiController()
export class AccessTokensController {
  constructor(@Inject(AccessTokensService) private readonly tokens: AccessTokensService) {}

  @Implements(listTokens)
  list(call: EndpointCall<typeof listTokens>): Promise<EndpointResult<typeof listTokens>> {
    return this.tokens.list(call);
  }

  @Implements(createToken)
  create(call: EndpointCall<typeof createToken>): Promise<EndpointResult<typeof createToken>> {
    return this.tokens.create(call);
  }

  @Implements(revokeToken)
  async revoke(call: EndpointCall<typeof revokeToken>): Promise<undefined> {
    await this.tokens.revoke(call);
  }
}
