import { Inject, Injectable } from '@nestjs/common';
import { hashSecretToken, secretTokenKind, signInternalToken } from '@tollgate/auth';
import type { Principal } from '@tollgate/contracts/auth';
import { commonErrors } from '@tollgate/contracts/errors';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import type { exchangeToken } from '@tollgate/contracts/rest/iam';
import { Database } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { SigningKeysService } from '../signing-keys/signing-keys.service.ts';
import { findAccessToken, findSession, touchAccessToken, touchSession } from './credentials.repository.ts';
import { principalOfAccessToken, principalOfSession } from './principals.ts';

/** Turns what a caller sent into a token that one service accepts for a minute. */
@Injectable()
export class TokenExchangeService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SigningKeysService) private readonly keys: SigningKeysService,
  ) {}

  /** @throws ApiError `auth.required` when the credential is unknown, damaged, expired or revoked. */
  async exchange({ body }: EndpointCall<typeof exchangeToken>): Promise<EndpointResult<typeof exchangeToken>> {
    const principal = await this.findPrincipal(body.credential);
    if (principal === null) throw new ApiError(commonErrors.unauthenticated);
    const key = await this.keys.current();
    const { token, expiresAt } = await signInternalToken({ principal, audience: body.audience, ...key });
    return { token, expiresAt: expiresAt.toISOString(), principal };
  }

  private async findPrincipal(credential: string): Promise<Principal | null> {
    switch (secretTokenKind(credential)) {
      case 'ses':
        return this.findBySession(hashSecretToken(credential));
      case 'pat':
      case 'sva':
        return this.findByAccessToken(hashSecretToken(credential));
      default:
        return null;
    }
  }

  private findBySession(tokenHash: string): Promise<Principal | null> {
    return this.database.inSystem('resolve-credential', async (unit) => {
      const session = await findSession(unit, tokenHash);
      if (session?.isStale) await touchSession(unit, session.id);
      return session ? principalOfSession(session) : null;
    });
  }

  private findByAccessToken(tokenHash: string): Promise<Principal | null> {
    return this.database.inSystem('resolve-credential', async (unit) => {
      const token = await findAccessToken(unit, tokenHash);
      if (token?.isStale) await touchAccessToken(unit, token.id);
      return token ? principalOfAccessToken(token) : null;
    });
  }
}
