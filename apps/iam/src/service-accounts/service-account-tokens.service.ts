import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import {
  type AccessToken,
  createServiceAccountToken,
  type IssuedAccessToken,
  type listServiceAccountTokens,
  revokeServiceAccountToken,
} from '@tollgate/contracts/rest/iam';
import { Database } from '@tollgate/persistence';
import { ApiError, principalOf, tenantOf } from '@tollgate/platform';
import { accessTokensRepository } from '../access-tokens/access-tokens.repository.ts';
import { RevocationList } from '../revocations/revocation-list.ts';
import { auditEntry } from '../shared/audit.ts';
import { requireRights } from '../shared/rights.ts';
import { serviceAccountsRepository } from './service-accounts.repository.ts';

/** Tokens with which service accounts authenticate. */
@Injectable()
export class ServiceAccountTokensService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RevocationList) private readonly revocations: RevocationList,
  ) {}

  list(call: EndpointCall<typeof listServiceAccountTokens>): Promise<Page<AccessToken>> {
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const account = await serviceAccountsRepository.get(unit, call.params.serviceAccountId);
      return accessTokensRepository.list(unit, account.id, call.query);
    });
  }

  /** The token's permissions are part of the account's, which are part of those of whoever makes the token. */
  create(call: EndpointCall<typeof createServiceAccountToken>): Promise<IssuedAccessToken> {
    const principal = principalOf(call);
    const tenantId = tenantOf(call);
    return this.database.inTenant(tenantId, async (unit) => {
      const account = await serviceAccountsRepository.get(unit, call.params.serviceAccountId);
      requireRights(principal, call.body.permissions);
      requireRights({ ...principal, permissions: account.permissions }, call.body.permissions);
      const owner = { tenantId, ownerKind: 'service-account', ownerId: account.id, createdBy: principal.id } as const;
      const issued = await accessTokensRepository.issue(unit, { ...owner, ...call.body });
      const { permissions, expiresAt } = issued;
      const details = { tokenId: issued.id, permissions, expiresAt };
      await unit.audit(
        auditEntry(call, createServiceAccountToken, { kind: 'service-account', id: account.id }, details),
      );
      return issued;
    });
  }

  async revoke(call: EndpointCall<typeof revokeServiceAccountToken>): Promise<void> {
    const { serviceAccountId: id, tokenId } = call.params;
    await this.database.inTenant(tenantOf(call), async (unit) => {
      const isRevoked = await accessTokensRepository.revoke(unit, id, tokenId);
      if (!isRevoked) throw new ApiError(commonErrors.notFound);
      await unit.audit(auditEntry(call, revokeServiceAccountToken, { kind: 'service-account', id }, { tokenId }));
    });
    await this.revocations.publish([tokenId]);
  }
}
