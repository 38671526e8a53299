import { defineError } from '@tollgate/contracts/errors';

export const limitCountErrors = {
  exceeded: defineError({
    code: 'gateway.rate_limited',
    status: 503,
    title: 'Too many calls',
    operator: 'The `count` of a `limit-count` is used up; the status is its `rejected_code` (503 unless it says 429).',
  }),
} as const;
