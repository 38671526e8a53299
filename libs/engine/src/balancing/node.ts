import { isIP } from 'node:net';

/** What makes up a node. */
export interface NodeAddress {
  /** A name or an address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  readonly priority: number;
}

/** A node that calls can be sent to. The figures that change stand in it, so that picking one costs no look-up. */
export interface Node extends NodeAddress {
  /** `host:port`, for logs, metrics and hashing. */
  readonly name: string;
  /** What balancers go by: the weight, less while the node starts slowly, 0 while it must not be used. */
  share: number;
  /** Kept by round robin: how much the node is due. */
  due: number;
  /** Kept by `least_conn`: calls under way. */
  active: number;
  /** Kept by `ewma`: the average latency, and when it was right; 0 = never. */
  latencyMs: number;
  latencyAt: number;
}

/** A node of which nothing is known yet. */
export function createNode({ host, port, weight, priority }: NodeAddress): Node {
  const name = `${bracketed(host)}:${port}`;
  return { host, port, weight, priority, name, share: weight, due: 0, active: 0, latencyMs: 0, latencyAt: 0 };
}

/** Whether a host is written like a name or an address; anything else must not get into a request or a look-up. */
export function isHost(host: string): boolean {
  return /^[\w.:%-]{1,253}$/.test(host);
}

/** A host as it stands in front of a port. */
export function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}
