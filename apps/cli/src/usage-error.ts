/** What the person at the keyboard can mend; printed as it is, exit code 1. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
