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
  /** The values of a header joined as RFC 9110 (5.3) allows, cookies with `; `; undefined when it is absent. */
  header(name: string): string | undefined;
  /** All fields as they came. */
  toList(): HeaderList;
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
