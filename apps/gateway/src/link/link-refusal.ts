/** An answer of the control plane that is no success. */
export class LinkRefusal extends Error {
  override readonly name = 'LinkRefusal';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    /** JSON pointers of what was refused. */
    readonly pointers: readonly string[],
  ) {
    super(`${status} ${code}: ${detail}`);
  }
}
