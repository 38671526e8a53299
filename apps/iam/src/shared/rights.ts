import type { Permission, Principal } from '@tollgate/contracts/auth';
import { iamErrors } from '@tollgate/contracts/rest/iam';
import { ApiError } from '@tollgate/platform';

/** Nobody gives or takes more than they have. @throws ApiError `auth.beyond_own_rights` */
export function requireRights(principal: Principal, permissions: readonly Permission[]): void {
  const missing = permissions.filter((permission) => !principal.permissions.includes(permission));
  if (missing.length > 0) throw new ApiError(iamErrors.beyondOwnRights, { detail: `Missing: ${missing.join(', ')}.` });
}
