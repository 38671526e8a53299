/** Bounds on what one client may take up. Times in milliseconds, sizes in bytes. */
export interface EngineLimits {
  /** Request line and headers together; beyond: 431. */
  readonly headLimitBytes: number;
  /** From the first byte of a head to its end; beyond: 408. */
  readonly headTimeoutMs: number;
  /** A kept connection without a request. */
  readonly idleTimeoutMs: number;
  /** Without any progress of a body in either direction towards the client. */
  readonly bodyStallMs: number;
  /** Request body, unless the group says otherwise; beyond: 413. */
  readonly bodyLimitBytes: number;
  /** A refused body up to this length is read and dropped so that the connection can be kept. */
  readonly drainLimitBytes: number;
  /** How long a client that sends no more (a half-closed connection) may wait for its answer. */
  readonly halfCloseMs: number;
  /** How long, and how many bytes, a client may still send after the last answer on its connection before it is reset. */
  readonly lingerMs: number;
  readonly lingerLimitBytes: number;
  /** Calls that one connection of HTTP/2 may have under way; further streams are refused. */
  readonly streamsPerConnection: number;
  /** Head of an upstream's answer; beyond: 502. */
  readonly upstreamHeadLimitBytes: number;
  /** How many gateways of ours a request may pass; beyond: 508. */
  readonly hopLimit: number;
  /** From accepting a connection to the end of its PROXY protocol header. */
  readonly proxyHeaderTimeoutMs: number;
  /** How long a client of a TCP port may say nothing where TLS server names decide; then it has none. */
  readonly streamHelloTimeoutMs: number;
  /** Open sessions of one UDP port; datagrams beyond are dropped. */
  readonly udpSessions: number;
  /** Open connections of the process; those beyond are closed at once. */
  readonly connections: number;
  /** Open connections from one address (of IPv6: one /64); beyond: 429, or closed. */
  readonly connectionsPerClient: number;
  /** On shared data planes, open connections whose last request was for the same tenant; beyond: 503. */
  readonly connectionsPerTenant: number;
}

export const defaultLimits: EngineLimits = {
  headLimitBytes: 16 * 1024,
  headTimeoutMs: 10_000,
  idleTimeoutMs: 60_000,
  bodyStallMs: 60_000,
  bodyLimitBytes: 100 * 1024 * 1024,
  drainLimitBytes: 64 * 1024,
  halfCloseMs: 2_000,
  lingerMs: 2_000,
  lingerLimitBytes: 1024 * 1024,
  streamsPerConnection: 128,
  upstreamHeadLimitBytes: 64 * 1024,
  hopLimit: 8,
  proxyHeaderTimeoutMs: 5_000,
  streamHelloTimeoutMs: 3_000,
  udpSessions: 10_000,
  connections: 50_000,
  // Room for a load balancer or a company behind one address, and still for others beside it.
  connectionsPerClient: 20_000,
  connectionsPerTenant: 10_000,
};
