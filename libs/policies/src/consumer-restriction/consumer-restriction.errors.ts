import { defineError } from '@tollgate/contracts/errors';

export const consumerRestrictionErrors = {
  unidentified: defineError({
    code: 'gateway.consumer_unidentified',
    status: 401,
    title: 'The caller has not been identified',
    operator: '`consumer-restriction` needs an authentication policy on the same route.',
  }),
  forbidden: defineError({
    code: 'gateway.consumer_forbidden',
    status: 403,
    title: 'You may not call this API',
    operator: 'The lists of a `consumer-restriction` refuse this caller; the status is its `rejected_code`.',
  }),
} as const;
