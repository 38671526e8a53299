import type { Principal } from '@tollgate/contracts/auth';
import type { Endpoint } from '@tollgate/contracts/rest';
import type { FastifyRequest } from 'fastify';

/** Finds out who makes a request. Implemented by `libs/auth`. */
export interface Authenticator {
  /**
   * @returns the principal, or null when the credential is missing, unknown, expired, revoked or of another realm than the endpoint's.
   * @throws ApiError `internal.unavailable` when it cannot be found out.
   */
  authenticate(request: Pick<FastifyRequest, 'headers'>, endpoint: Endpoint): Promise<Principal | null>;
}
