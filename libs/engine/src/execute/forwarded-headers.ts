import type { AddressSet } from '../matching/address-set.ts';
import { unmapAddress } from '../matching/address-set.ts';

/** The end of a connection as the gateway sees it. */
export interface Peer {
  readonly address: string;
  readonly isTrusted: boolean;
}

/**
 * The client behind a trusted peer: the last address in X-Forwarded-For that is not one of the trusted.
 * @param claimed the value of X-Forwarded-For.
 */
export function clientBehind(peerAddress: string, claimed: string | undefined, trusted: AddressSet): string {
  const hops = claimed?.split(',').map((hop) => unmapAddress(hop.trim())) ?? [];
  return hops.findLast((hop) => !trusted.has(hop)) ?? hops[0] ?? peerAddress;
}
