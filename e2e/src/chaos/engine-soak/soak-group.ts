import type { StandAloneFileInput } from '@tollgate/contracts/gateway';

/** Host of the group. */
export const soakHost = 'soak.test';
/** Largest body that the group takes, bytes. */
export const bodyLimitBytes = 256 * 1024;
/** How long an upstream of {@link routes}.late may take, seconds. */
const lateSeconds = 1;

/** Names of the servers of each upstream; the one of `dead` is not there. */
export const servers = ['a', 'b', 'flaky', 'leaving'] as const;

/** Prefixes of the routes, by what is behind them. */
export const routes = {
  /** Answers right. */
  main: '/main',
  /** Breaks answers, and is not tried twice. */
  flaky: '/flaky',
  /** Ends kept connections without a word; for calls that may be repeated. */
  leaving: '/leaving',
  /** Must answer within a second. */
  late: '/late',
  /** Does not listen. */
  dead: '/dead',
} as const;

/** The configuration of the gateway under test. */
export function soakFile(addressOf: (server: string) => string, deadPort: number): StandAloneFileInput {
  // Kept connections end soon, so that what is left open shows.
  const keepalive = { keepalive_pool: { size: 64, idle_timeout: 2, requests: 1_000 } };
  const upstream = (id: string, names: readonly string[], more: object = {}) => ({
    id,
    nodes: Object.fromEntries(names.map((name) => [addressOf(name), 1])),
    ...keepalive,
    ...more,
  });
  const timeout = { connect: lateSeconds, send: lateSeconds, read: lateSeconds };
  return {
    groups: [
      {
        id: 'soak',
        settings: { hosts: [soakHost], bodyLimitBytes },
        upstreams: [
          upstream('main', ['a', 'b']),
          upstream('flaky', ['flaky'], { retries: 0 }),
          upstream('leaving', ['leaving']),
          upstream('late', ['a'], { timeout, retries: 0 }),
          { id: 'dead', nodes: { [`127.0.0.1:${deadPort}`]: 1 }, retries: 0 },
        ],
        routes: Object.entries(routes).map(([id, prefix]) => ({ id, uri: `${prefix}/*`, upstream_id: id })),
      },
    ],
  };
}
