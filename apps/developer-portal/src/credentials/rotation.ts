import type { CredentialState } from '@tollgate/contracts/rest/portal';
import { stateConflict } from '../shared/state-machine.ts';

/** What happens to the old key of a rotation. */
export interface RotatedKey {
  state: CredentialState;
  expiresAt: Date | null;
}

/**
 * The old key is usable for the overlap, or as long as an earlier rotation left it; without overlap it is revoked at once.
 * @throws ApiError `portal.state_conflict` when it is revoked already.
 */
export function rotate(
  old: { state: CredentialState; expiresAt: string | null },
  now: Date,
  overlapSeconds: number,
): RotatedKey {
  if (old.state !== 'active') throw stateConflict('rotate', old.state);
  if (overlapSeconds === 0) return { state: 'revoked', expiresAt: null };
  const end = now.getTime() + overlapSeconds * 1000;
  return { state: 'active', expiresAt: new Date(Math.min(end, Date.parse(old.expiresAt ?? '9999-12-31'))) };
}
