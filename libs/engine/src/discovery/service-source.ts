/** A node as a registry tells it. */
export interface DiscoveredNode {
  /** An address, or a name that is resolved for each connection. */
  readonly host: string;
  /** Null = the one that the scheme stands for. */
  readonly port: number | null;
  readonly weight: number;
  readonly priority: number;
}

/** How a source tells what it has found. */
export type Found = (nodes: readonly DiscoveredNode[]) => void;

/** One kind of registry. */
export interface ServiceSource {
  /** Throws an Error with a reason for people when this cannot be the name of a service here. */
  check(serviceName: string): void;
  /**
   * Follows one service: tells the whole set of its nodes each time it may have changed, an empty one included. Ends when the source has to be
   * asked from the beginning; rejects, with a reason for people, when it fails or says what cannot be understood, and when it is aborted.
   */
  follow(serviceName: string, found: Found, signal: AbortSignal): Promise<void>;
}
