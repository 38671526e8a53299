import { Inject } from '@nestjs/common';
import type { AuditEntry } from '@tollgate/contracts/events';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  createEnrolmentToken,
  createSharedEnrolmentToken,
  type EnrolmentToken,
  listEnrolmentTokens,
  revokeEnrolmentToken,
} from '@tollgate/contracts/rest/gateway';
import { ApiController, auditOf, Implements, tenantOf } from '@tollgate/platform';
import { EnrolmentTokensService } from './enrolment-tokens.service.ts';

@ApiController()
export class EnrolmentTokensController {
  constructor(@Inject(EnrolmentTokensService) private readonly tokens: EnrolmentTokensService) {}

  @Implements(listEnrolmentTokens)
  list(call: EndpointCall<typeof listEnrolmentTokens>): Promise<EndpointResult<typeof listEnrolmentTokens>> {
    return this.tokens.list(tenantOf(call), call.params.poolId, call.query);
  }

  @Implements(createEnrolmentToken)
  create(call: EndpointCall<typeof createEnrolmentToken>): Promise<EndpointResult<typeof createEnrolmentToken>> {
    return this.tokens.create(tenantOf(call), {
      poolId: call.params.poolId,
      input: call.body,
      audit: (token) => auditOf(call, { action: 'enrolment-token.create', ...subjectOf(token) }),
    });
  }

  @Implements(createSharedEnrolmentToken)
  createShared(
    call: EndpointCall<typeof createSharedEnrolmentToken>,
  ): Promise<EndpointResult<typeof createSharedEnrolmentToken>> {
    return this.tokens.createShared({
      poolId: call.params.poolId,
      input: call.body,
      audit: (token) => auditOf(call, { action: 'shared-enrolment-token.create', ...subjectOf(token) }),
    });
  }

  @Implements(revokeEnrolmentToken)
  async revoke(call: EndpointCall<typeof revokeEnrolmentToken>): Promise<EndpointResult<typeof revokeEnrolmentToken>> {
    const { poolId, tokenId } = call.params;
    const object = { kind: 'enrolment-token', id: tokenId };
    const audit = auditOf(call, { action: 'enrolment-token.revoke', object, details: { poolId } });
    await this.tokens.revoke(tenantOf(call), { poolId, tokenId, audit });
    return undefined;
  }
}

function subjectOf(token: EnrolmentToken): Pick<AuditEntry, 'object' | 'details'> {
  const { id, poolId, reusable, expiresAt } = token;
  return { object: { kind: 'enrolment-token', id }, details: { poolId, reusable, expiresAt } };
}
