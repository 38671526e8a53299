import type { Principal } from '@tollgate/contracts/auth';
import { commonErrors } from '@tollgate/contracts/errors';
import { ApiError, principalOf } from '@tollgate/platform';
import type { Auditable } from './audit.ts';

/**
 * The person whose session makes the call. Access tokens are no person: their permissions do not cover what is a person's own.
 * @throws ApiError `auth.forbidden` for programs.
 */
export function personOf(call: Auditable): Principal & { credentialId: string } {
  const principal = principalOf(call);
  const { credentialId } = principal;
  if (!credentialId?.startsWith('ses_')) {
    throw new ApiError(commonErrors.forbidden, { detail: 'This needs a session; an access token does not do.' });
  }
  return { ...principal, credentialId };
}
