import { createHash } from 'node:crypto';
import type { ServiceClient } from '@tollgate/auth';
import { type ServiceName, serviceNames } from '@tollgate/contracts';
import { commonErrors } from '@tollgate/contracts/errors';
import { exchangeToken } from '@tollgate/contracts/rest/iam';
import { ApiError } from '@tollgate/platform';
import { LRUCache } from 'lru-cache';

/** Tokens are handed out again until this long before they end. */
const safetyMs = 10_000;

/**
 * Turns what a caller sent into an internal token for one service, remembering each for most of its minute. That is safe: services check
 * revocations themselves, by the id of the session or token.
 */
export class TokenExchange {
  private readonly remembered = new LRUCache<string, string>({ max: 10_000 });

  constructor(private readonly client: Pick<ServiceClient, 'call'>) {}

  /**
   * @returns null when iam does not know the credential.
   * @throws ApiError `internal.unavailable`
   */
  async tokenFor(credential: string, audience: ServiceName): Promise<string | null> {
    const key = keyOf(credentialHash(credential), audience);
    const known = this.remembered.get(key);
    if (known !== undefined) return known;
    try {
      const { token, expiresAt } = await this.client.call(exchangeToken, { body: { credential, audience } });
      const ttl = Date.parse(expiresAt) - Date.now() - safetyMs;
      if (ttl > 0) this.remembered.set(key, token, { ttl });
      return token;
    } catch (error) {
      if (
        error instanceof ApiError &&
        [commonErrors.unauthenticated.code, commonErrors.invalid.code].includes(error.definition.code)
      )
        return null;
      throw error;
    }
  }

  /** Asks iam again with the next request of the credential that has this {@link credentialHash}. */
  forget(hash: string): void {
    for (const audience of serviceNames) this.remembered.delete(keyOf(hash, audience));
  }

  forgetAll(): void {
    this.remembered.clear();
  }
}

/** What a credential is remembered by. */
export const credentialHash = (credential: string): string => createHash('sha256').update(credential).digest('base64');

const keyOf = (hash: string, audience: ServiceName): string => `${audience} ${hash}`;
