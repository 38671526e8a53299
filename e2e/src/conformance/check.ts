import type { RawUpstream } from '../http/raw-upstream.ts';
import type { Wire } from '../http/wire.ts';

/** How clients reach the gateway. */
export type Scheme = 'plain' | 'tls';

/** The hosts that the gateway under test serves; all routes of all of them lead to the same upstream. */
export const hosts = {
  /** As shipped. */
  usual: 'conformance.test',
  /** Takes bodies of up to 1,000 bytes. */
  small: 'small.test',
  /** Takes bodies of up to 4 GiB. */
  large: 'large.test',
  /** Believes the X-Forwarded fields of every client. */
  trusting: 'trusting.test',
} as const;

/** What one check works with. */
export interface CheckWorld {
  readonly scheme: Scheme;
  readonly upstream: RawUpstream;
  /** Of this check alone: names its script and its requests at the upstream. */
  readonly id: string;
  /** `/c/<id>`; whatever the check asks for lies below. */
  readonly path: string;
  /** A new connection of a client; over TLS it asks for the host's name. */
  readonly open: (host?: string) => Promise<Wire>;
  /** True as long as the gateway's process has not ended. */
  readonly isAlive: () => boolean;
}

/** One rule and how it is held against a gateway. */
export interface Check {
  /** Begins with where the rule stands. */
  readonly name: string;
  readonly run: (world: CheckWorld) => Promise<void>;
  /** Only over this scheme. */
  readonly over?: Scheme;
}

/** Checks of one subject. */
export interface Topic {
  readonly title: string;
  readonly checks: readonly Check[];
}
