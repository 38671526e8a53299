import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import {
  type AccessToken,
  createToken,
  type IssuedAccessToken,
  type listTokens,
  revokeToken,
} from '@tollgate/contracts/rest/iam';
import { Database } from '@tollgate/persistence';
import { ApiError, principalOf, tenantOf } from '@tollgate/platform';
import { RevocationList } from '../revocations/revocation-list.ts';
import { auditEntry } from '../shared/audit.ts';
import { requireRights } from '../shared/rights.ts';
import { accessTokensRepository } from './access-tokens.repository.ts';

/** Personal access tokens: a person's own, in the organisation they act in. */
@Injectable()
export class AccessTokensService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RevocationList) private readonly revocations: RevocationList,
  ) {}

  list(call: EndpointCall<typeof listTokens>): Promise<Page<AccessToken>> {
    const ownerId = principalOf(call).id;
    return this.database.inTenant(tenantOf(call), (unit) => accessTokensRepository.list(unit, ownerId, call.query));
  }

  async create(call: EndpointCall<typeof createToken>): Promise<IssuedAccessToken> {
    const principal = principalOf(call);
    const tenantId = tenantOf(call);
    if (principal.kind !== 'user') {
      throw new ApiError(commonErrors.forbidden, { detail: 'Only people make personal access tokens.' });
    }
    requireRights(principal, call.body.permissions);
    return this.database.inTenant(tenantId, async (unit) => {
      const owner = { tenantId, ownerKind: 'user', ownerId: principal.id, createdBy: principal.id } as const;
      const issued = await accessTokensRepository.issue(unit, { ...owner, ...call.body });
      const { permissions, expiresAt } = issued;
      await unit.audit(auditEntry(call, createToken, { kind: 'token', id: issued.id }, { permissions, expiresAt }));
      return issued;
    });
  }

  async revoke(call: EndpointCall<typeof revokeToken>): Promise<void> {
    const id = call.params.tokenId;
    await this.database.inTenant(tenantOf(call), async (unit) => {
      const isRevoked = await accessTokensRepository.revoke(unit, principalOf(call).id, id);
      if (!isRevoked) throw new ApiError(commonErrors.notFound);
      await unit.audit(auditEntry(call, revokeToken, { kind: 'token', id }));
    });
    await this.revocations.publish([id]);
  }
}
