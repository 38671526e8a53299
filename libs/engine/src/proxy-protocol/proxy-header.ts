/** What stands before the bytes of a proxied connection. */
export interface ProxyHeader {
  /** Bytes that the header takes up. */
  readonly length: number;
  /** The client's address as the proxy tells it; null where it tells none: the connection is the proxy's own (`LOCAL`, `UNKNOWN`). */
  readonly source: string | null;
}

/** `incomplete`: more has to come; `bad`: no PROXY protocol header, or one that is not well-formed. */
export type ProxyHeaderResult = ProxyHeader | 'incomplete' | 'bad';

/** Longer headers of version 2 are refused; the protocol allows 64 KiB, which no proxy needs. */
export const longestProxyHeader = 4096;
