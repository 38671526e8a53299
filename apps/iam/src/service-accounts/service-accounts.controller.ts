import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  createServiceAccount,
  createServiceAccountToken,
  deleteServiceAccount,
  getServiceAccount,
  listServiceAccounts,
  listServiceAccountTokens,
  revokeServiceAccountToken,
  updateServiceAccount,
} from '@tollgate/contracts/rest/iam';
import { ApiController, Implements } from '@tollgate/platform';
import { ServiceAccountTokensService } from './service-account-tokens.service.ts';
import { ServiceAccountsService } from './service-accounts.service.ts';

@ApiController()
export class ServiceAccountsController {
  constructor(
    @Inject(ServiceAccountsService) private readonly accounts: ServiceAccountsService,
    @Inject(ServiceAccountTokensService) private readonly tokens: ServiceAccountTokensService,
  ) {}

  @Implements(listServiceAccounts)
  list(call: EndpointCall<typeof listServiceAccounts>): Promise<EndpointResult<typeof listServiceAccounts>> {
    return this.accounts.list(call);
  }

  @Implements(getServiceAccount)
  get(call: EndpointCall<typeof getServiceAccount>): Promise<EndpointResult<typeof getServiceAccount>> {
    return this.accounts.get(call);
  }

  @Implements(createServiceAccount)
  create(call: EndpointCall<typeof createServiceAccount>): Promise<EndpointResult<typeof createServiceAccount>> {
    return this.accounts.create(call);
  }

  @Implements(updateServiceAccount)
  update(call: EndpointCall<typeof updateServiceAccount>): Promise<EndpointResult<typeof updateServiceAccount>> {
    return this.accounts.update(call);
  }

  @Implements(deleteServiceAccount)
  async delete(call: EndpointCall<typeof deleteServiceAccount>): Promise<undefined> {
    await this.accounts.delete(call);
  }

  @Implements(listServiceAccountTokens)
  listTokens(
    call: EndpointCall<typeof listServiceAccountTokens>,
  ): Promise<EndpointResult<typeof listServiceAccountTokens>> {
    return this.tokens.list(call);
  }

  @Implements(createServiceAccountToken)
  createToken(
    call: EndpointCall<typeof createServiceAccountToken>,
  ): Promise<EndpointResult<typeof createServiceAccountToken>> {
    return this.tokens.create(call);
  }

  @Implements(revokeServiceAccountToken)
  async revokeToken(call: EndpointCall<typeof revokeServiceAccountToken>): Promise<undefined> {
    await this.tokens.revoke(call);
  }
}
