/**
 * The Idempotency-Key of one thing that is to be made. It stays the same however often somebody has to try, also with other words: a try that
 * got through unseen is answered again or, where the words have changed since, refused in a sentence, and never makes a second thing. A
 * refused try does not use it up. Renew it when the next thing begins.
 */
export function useIdempotencyKey() {
  let key = crypto.randomUUID();
  return {
    /** `params.header` of the create. */
    header: (): { 'idempotency-key': string } => ({ 'idempotency-key': key }),
    renew(): void {
      key = crypto.randomUUID();
    },
  };
}
