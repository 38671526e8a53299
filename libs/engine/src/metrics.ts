import type { DiscoveryState } from './discovery/service-watch.ts';
import type { Call, Outcome } from './policy/call.ts';

/** What a call is observed under; all of it is bounded by configuration. An observer may keep in its lane what it would have to look up. */
export type ObservedCall = Pick<Call, 'groupId' | 'route' | 'caller' | 'host' | 'lane'>;

/** Where the `prometheus` policy reports; the process that embeds the engine turns it into time series. */
export interface CallMetrics {
  /** @param prefersName whether routes are told by their names rather than their ids. */
  observe(call: ObservedCall, outcome: Outcome, prefersName: boolean): void;
}

/** Requests that are no calls, by reason. */
export type NoiseReason =
  | 'unknown-host'
  | 'bad-head'
  | 'head-too-large'
  | 'head-timeout'
  /** Connections beyond what the process, one client or one tenant may have. */
  | 'connections-full'
  | 'connections-client'
  | 'connections-tenant'
  /** A TCP connection or UDP session that no stream route takes. */
  | 'stream-unmatched'
  /** Where the PROXY protocol is spoken: a peer that is not to speak it, or a header that is missing, wrong or late. */
  | 'proxy-untrusted'
  | 'proxy-header';

/** What the engine reports about itself. */
export interface EngineMetrics extends CallMetrics {
  noise(reason: NoiseReason): void;
  /** An unexpected failure of engine or policy, answered with 500. */
  failure(cause: unknown, requestId: string): void;
  /** Following a service of a registry goes well, or no longer does: worth an alarm while `state` is `failing`. */
  discovery?(state: DiscoveryState): void;
}

/** Reports nowhere. */
export const silentMetrics: EngineMetrics = { observe() {}, noise() {}, failure() {} };
