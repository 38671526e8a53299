/** Version of the link protocol that this build speaks. The control plane also serves the two versions before it. */
export const linkProtocolVersion = 1;

/** Versions that a control plane of this build answers, newest first. */
export const supportedLinkProtocols: readonly number[] = [1];

/** Request header that carries the data plane's protocol version; absent means 1. Others are answered 426. */
export const linkProtocolHeader = 'tollgate-link-protocol';

/** Addresses of the link, below the host that data planes phone home to. */
export const linkPaths = {
  ca: '/link/v1/ca',
  enrol: '/link/v1/enrol',
  renew: '/link/v1/renew',
  config: '/link/v1/config',
  ack: '/link/v1/ack',
  heartbeats: '/link/v1/heartbeats',
  usage: '/link/v1/usage',
  telemetry: '/link/v1/telemetry',
  tries: '/link/v1/tries',
} as const;

/** Timing of the link, in milliseconds. */
export const linkTiming = {
  /** How often the control plane writes a `ping` into the stream. */
  pingIntervalMs: 10_000,
  /** Silence after which either side gives the connection up. */
  silenceTimeoutMs: 30_000,
  /** How often a data plane sends a heartbeat, give or take a tenth. */
  heartbeatIntervalMs: 10_000,
} as const;

/** Largest request bodies in bytes, refused with 413 beyond. */
export const linkBodyLimits = {
  ca: 0,
  enrol: 16 * 1024,
  renew: 32 * 1024,
  config: 1024 * 1024,
  ack: 1024 * 1024,
  heartbeats: 1024 * 1024,
  usage: 2 * 1024 * 1024,
  telemetry: 256 * 1024,
  tries: 1024 * 1024,
} as const satisfies Record<keyof typeof linkPaths, number>;
