import { expect, it } from 'vitest';
import { useIdempotencyKey } from './use-idempotency-key.ts';

it('stays the same over all tries and is another one for the next thing', () => {
  const idempotency = useIdempotencyKey();
  const first = idempotency.header();
  expect(idempotency.header()).toEqual(first);
  idempotency.renew();
  expect(idempotency.header()).not.toEqual(first);
  expect(useIdempotencyKey().header()).not.toEqual(idempotency.header());
});
