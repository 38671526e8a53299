import { defineError } from '../../errors/index.ts';

export const reportTooManyRows = defineError({
  code: 'report.too_many_rows',
  status: 422,
  title: 'The report has too many rows',
  operator: 'The caller asked for more than 5,000 rows; a shorter range, a filter or a coarser grouping helps.',
});

export const priceTimeTaken = defineError({
  code: 'price.time_taken',
  status: 409,
  title: 'The plan version has a price from this time on',
  operator: 'Prices are immutable; a new one needs another `effectiveFrom`.',
});

export const priceInPast = defineError({
  code: 'price.in_past',
  status: 422,
  title: 'A price cannot change calls that were priced already',
  operator: 'Only the first price of a plan version may reach back; later ones start now or in the future.',
});

export const billingTooManyLines = defineError({
  code: 'billing.too_many_lines',
  status: 422,
  title: 'The billing preview has too many lines',
  operator: 'More than 10,000 lines in one month.',
});
