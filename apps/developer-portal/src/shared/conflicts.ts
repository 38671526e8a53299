import { commonErrors } from '@tollgate/contracts/errors';
import { isUniqueViolation } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';

/** Runs a write and turns the violation of a unique constraint into the error that callers read. */
export async function refuseTaken<T>(write: Promise<T>, constraint: string, refusal: ApiError): Promise<T> {
  try {
    return await write;
  } catch (cause) {
    throw isUniqueViolation(cause, constraint) ? refusal : cause;
  }
}

/** Refusal of a name that something else has. */
export function nameTaken(pointer: string): ApiError {
  return new ApiError(commonErrors.conflict, { errors: [{ pointer, message: 'This is taken.' }] });
}

/** Refusal to remove what others refer to. `more` says that the list is cut. */
export function inUse(referrers: { ids: string[]; more: boolean }): ApiError {
  const errors = referrers.ids.map((id) => ({ pointer: '', message: `${id} refers to it` }));
  return new ApiError(commonErrors.inUse, { errors, ...(referrers.more ? { detail: 'There are more.' } : {}) });
}
