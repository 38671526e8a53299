export { type AddressKind, addressKind, type AddressPolicy, isAllowed } from './address-policy.ts';
export { EgressRefusedError } from './egress-refused-error.ts';
export { AnswerTooLargeError, GuardedHttp, type GuardedRequest, type GuardedResponse } from './guarded-http.ts';
export { guardedLookup, type ResolveAll } from './guarded-lookup.ts';
