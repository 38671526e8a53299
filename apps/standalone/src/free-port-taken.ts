/** A port that was free when it was chosen is taken now. The next start chooses others. */
export class FreePortTaken extends Error {
  override readonly name = 'FreePortTaken';

  constructor(port: number, options: ErrorOptions) {
    super(`port ${port} was free when it was chosen, and another process took it before it was listened on`, options);
  }

  /** Says what it means that one of the chosen ports is in use; any other error stays what it is. */
  static explain(error: unknown, chosenPorts: ReadonlySet<number>): unknown {
    const { code, port = 0 } = error as { code?: string; port?: number };
    return code === 'EADDRINUSE' && chosenPorts.has(port) ? new FreePortTaken(port, { cause: error }) : error;
  }
}
