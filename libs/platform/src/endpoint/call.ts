import type { Principal } from '@tollgate/contracts/auth';
import { commonErrors } from '@tollgate/contracts/errors';
import type { AuditEntry } from '@tollgate/contracts/events';
import { type Dependant, type ForcedDeletion, maxListedDependants } from '@tollgate/contracts/rest';
import { ApiError } from '../errors/api-error.ts';

interface CallLike {
  principal: Principal | undefined;
  requestId: string;
  address: string;
}

/**
 * Who makes the call.
 * @throws ApiError `auth.required` on a public endpoint that was called without a credential.
 */
export function principalOf(call: CallLike): Principal {
  if (call.principal === undefined) throw new ApiError(commonErrors.unauthenticated);
  return call.principal;
}

/**
 * The tenant that the call acts in.
 * @throws ApiError `auth.forbidden` when its principal acts in none.
 */
export function tenantOf(call: CallLike): string {
  const { tenantId } = principalOf(call);
  if (tenantId === undefined)
    throw new ApiError(commonErrors.forbidden, { detail: 'This works inside a tenant only.' });
  return tenantId;
}

/** What a delete that may be forced answers, and what its audit entry names: nothing unless it was forced; a long list is cut. */
export function outcomeOf({ force }: { force: boolean }, dependants: readonly Dependant[]): ForcedDeletion | undefined {
  if (!force) return undefined;
  return { dependants: dependants.slice(0, maxListedDependants), total: dependants.length };
}

/** The audit entry of a change made by this call. `details` must hold neither secrets nor personal data. */
export function auditOf(
  call: CallLike,
  change: { action: string; object: AuditEntry['object']; details?: Record<string, unknown> },
): AuditEntry {
  const principal = call.principal;
  return {
    action: change.action,
    actor:
      principal === undefined
        ? { kind: 'anonymous', id: 'anonymous' }
        : { kind: principal.kind, id: principal.id, ...(principal.name === undefined ? {} : { name: principal.name }) },
    object: change.object,
    requestId: call.requestId,
    address: call.address,
    details: change.details ?? {},
  };
}
