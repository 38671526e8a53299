import { iamErrors } from '@tollgate/contracts/rest/iam';
import { isUniqueViolation } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';

/**
 * Runs `work` and turns a taken name into an error for the caller that points at the field and says nothing else.
 * @param fields JSON Pointer of the field by name of the unique constraint.
 */
export async function refuseTaken<T>(fields: Record<string, string>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const taken = Object.entries(fields).find(([constraint]) => isUniqueViolation(cause, constraint));
    if (!taken) throw cause;
    throw new ApiError(iamErrors.taken, { errors: [{ pointer: taken[1], message: 'This is taken.' }], cause });
  }
}
