import { gatewayErrors } from '@tollgate/contracts/rest/gateway';
import { ApiError, type ErrorPlace } from '@tollgate/platform';

/** Faults listed at most. */
export const maxDocumentFaults = 50;

/** The refusal of a document; pointers are below `/document`. */
export function documentInvalid(faults: readonly ErrorPlace[], detail?: string): ApiError {
  const errors = faults
    .slice(0, maxDocumentFaults)
    .map(({ pointer, message }) => ({ pointer: `/document${pointer}`, message }));
  return new ApiError(gatewayErrors.documentInvalid, { errors, ...(detail === undefined ? {} : { detail }) });
}
