import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { checkCredential, exchangeToken, getSigningKeys } from '@tollgate/contracts/rest/iam';
import { ApiController, Implements } from '@tollgate/platform';
import { RevocationList } from '../revocations/revocation-list.ts';
import { SigningKeysService } from '../signing-keys/signing-keys.service.ts';
import { TokenExchangeService } from './token-exchange.service.ts';

@ApiController()
export class TokenExchangeController {
  constructor(
    @Inject(TokenExchangeService) private readonly exchanges: TokenExchangeService,
    @Inject(RevocationList) private readonly revocations: RevocationList,
    @Inject(SigningKeysService) private readonly keys: SigningKeysService,
  ) {}

  @Implements(exchangeToken)
  exchange(call: EndpointCall<typeof exchangeToken>): Promise<EndpointResult<typeof exchangeToken>> {
    return this.exchanges.exchange(call);
  }

  @Implements(checkCredential)
  async check(call: EndpointCall<typeof checkCredential>): Promise<EndpointResult<typeof checkCredential>> {
    return { revoked: await this.revocations.isRevoked(call.params.credentialId) };
  }

  @Implements(getSigningKeys)
  async signingKeys(): Promise<EndpointResult<typeof getSigningKeys>> {
    return { keys: await this.keys.publicKeys() };
  }
}
