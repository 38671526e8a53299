import type { HeaderList } from '../execute/header-list.ts';

/** The header section of a request as the engine and policies see it, whichever version of HTTP brought it. */
export interface RequestFields {
  /** As it stands in Host or `:authority`. */
  readonly authority: string;
  /** Lower-case, without port and trailing dot. */
  readonly host: string;
  /** The client's own request id when it is one that can be logged and passed on. */
  readonly requestId: string | null;
  /** How many of our gateways the request has passed. */
  readonly hops: number;
  /** Lower-case names that are to be dropped because Connection lists them. */
  readonly named: readonly string[];
  /** Whether there are fields that tell of a client behind the peer. */
  readonly hasForwarded: boolean;
  /** Bytes of the section as HTTP/1.1 would write it. */
  readonly length: number;
  /** While it stays the same, so do the fields. */
  readonly version: number;
  /** How often the same section has come again. */
  readonly repeats: number;
  /**
   * Writes the fields that go to an upstream as HTTP/1.1: neither those that the engine writes itself, nor those of this hop, nor what the
   * client says of a client behind it.
   * @returns the offset behind them.
   */
  writeEndToEnd(target: Buffer, offset: number): number;
  /** The values of a header joined as RFC 9110 (5.3) allows, cookies with `; `; undefined when it is absent. */
  header(name: string): string | undefined;
  /** All fields as they came. */
  toList(): HeaderList;
  /** An empty list for what policies add to the answer. It lasts as long as the fields. */
  newAnswerHeaders(): HeaderList;
}

/** The host that an authority names: lower-case, without port and trailing dot. */
export function hostOf(authority: string): string {
  return authority.replace(/:\d+$/, '').replace(/\.$/, '').toLowerCase();
}

/** A request id that a client may choose: visible ASCII, at most 128 characters. */
export function isRequestId(text: string): boolean {
  return /^[\x21-\x7e]{1,128}$/.test(text);
}

const authorityPattern = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9\-._~]+)(?::\d{1,5})?$/;

/** Whether a text can stand in Host. */
export function isAuthority(text: string): boolean {
  return authorityPattern.test(text);
}
