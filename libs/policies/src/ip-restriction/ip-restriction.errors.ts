import { defineError } from '@tollgate/contracts/errors';

export const ipRestrictionErrors = {
  addressNotAllowed: defineError({
    code: 'gateway.address_not_allowed',
    status: 403,
    title: 'Your address may not call this API',
    operator: 'The lists of an `ip-restriction` refuse this address; the status is its `response_code`.',
  }),
} as const;
