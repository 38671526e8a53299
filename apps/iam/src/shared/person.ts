import type { Principal } from '@tollgate/contracts/auth';
import { commonErrors } from '@tollgate/contracts/errors';
import { ApiError, principalOf } from '@tollgate/platform';
import type { Auditable } from './audit.ts';

/**
 * The person who makes the call.
 * @throws ApiError `auth.forbidden` for programs, which have neither password nor sessions.
 */
export function personOf(call: Auditable): Principal {
  const principal = principalOf(call);
  if (principal.kind === 'service-account') {
    throw new ApiError(commonErrors.forbidden, { detail: 'This is for people.' });
  }
  return principal;
}
