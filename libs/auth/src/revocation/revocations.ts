import { commonErrors } from '@tollgate/contracts/errors';
import { checkCredential } from '@tollgate/contracts/rest/iam';
import { ApiError } from '@tollgate/platform';
import type { Redis } from 'ioredis';
import type { ServiceClient } from '../client/service-client.ts';

/** Redis key that exists while a revoked session or token could still be presented. */
export const revocationKey = (credentialId: string): string => `tg:revoked:${credentialId}`;

/** Tells whether a session or token was revoked after its internal token was issued. Asks Redis, without Redis iam. */
export class Revocations {
  constructor(
    private readonly redis: Redis,
    private readonly client: ServiceClient,
  ) {}

  /**
   * @param isWrite with Redis and iam both down reads go on for the rest of the token's minute, writes are refused.
   * @throws ApiError `internal.unavailable`
   */
  async isRevoked(credentialId: string, isWrite: boolean): Promise<boolean> {
    try {
      return (await this.redis.exists(revocationKey(credentialId))) === 1;
    } catch {
      return this.askIam(credentialId, isWrite);
    }
  }

  private async askIam(credentialId: string, isWrite: boolean): Promise<boolean> {
    try {
      return (await this.client.call(checkCredential, { params: { credentialId } })).revoked;
    } catch (cause) {
      if (isWrite)
        throw new ApiError(commonErrors.unavailable, {
          detail: 'It cannot be checked right now whether your session is still valid.',
          cause,
        });
      return false;
    }
  }
}
