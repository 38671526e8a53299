import type { Principal } from '@tollgate/contracts/auth';
import { commonErrors } from '@tollgate/contracts/errors';
import { live } from '@tollgate/contracts/rest/console';
import { ApiError, type Authenticator } from '@tollgate/platform';
import type { TokenExchange } from '../edge/token-exchange.ts';

/** Somebody who acts in a tenant. */
export interface TenantPrincipal extends Principal {
  readonly tenantId: string;
}

/** Finds out who listens, and whether they still may. */
export class LiveAccess {
  readonly #exchange: Pick<TokenExchange, 'tokenFor'>;
  readonly #authenticator: Authenticator;

  constructor(exchange: Pick<TokenExchange, 'tokenFor'>, authenticator: Authenticator) {
    this.#exchange = exchange;
    this.#authenticator = authenticator;
  }

  /** @throws ApiError `auth.required`, `auth.forbidden` for who acts in no tenant, `internal.unavailable`. */
  async get(credential: string | undefined): Promise<TenantPrincipal> {
    const principal = credential === undefined ? null : await this.#find(credential);
    if (principal === null) throw new ApiError(commonErrors.unauthenticated);
    const { tenantId } = principal;
    if (tenantId === undefined)
      throw new ApiError(commonErrors.forbidden, { detail: 'This works inside a tenant only.' });
    return { ...principal, tenantId };
  }

  /** What is true now; null when the credential is none any more, or acts in another tenant. */
  async recheck(credential: string, tenantId: string): Promise<Principal | null> {
    const principal = await this.#find(credential);
    return principal?.tenantId === tenantId ? principal : null;
  }

  async #find(credential: string): Promise<Principal | null> {
    const token = await this.#exchange.tokenFor(credential, live.service);
    if (token === null) return null;
    return this.#authenticator.authenticate({ headers: { authorization: `Bearer ${token}` } }, live);
  }
}
