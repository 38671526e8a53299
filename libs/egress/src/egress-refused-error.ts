/** A tenant's address leads where the operator does not allow it. Says no address, so that nothing inside can be explored. */
export class EgressRefusedError extends Error {
  override readonly name = 'EgressRefusedError';
  readonly code = 'EGRESS_REFUSED';

  constructor(host: string) {
    super(`${host} is not an address that may be reached from here`);
  }
}
