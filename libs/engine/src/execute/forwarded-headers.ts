import type { AddressSet } from '../matching/address-set.ts';
import { unmapAddress } from '../matching/address-set.ts';

/** The end of a connection as the gateway sees it. */
export interface Peer {
  readonly address: string;
  readonly isTrusted: boolean;
}

/**
 * The client: the peer itself or, behind trusted peers, the last address in X-Forwarded-For that is not one of them.
 * @param claimed the value of X-Forwarded-For.
 */
export function clientAddressOf(peer: Peer, claimed: string | undefined, trusted: AddressSet): string {
  if (!peer.isTrusted || claimed === undefined) return peer.address;
  const hops = claimed.split(',').map((hop) => unmapAddress(hop.trim()));
  return hops.findLast((hop) => !trusted.has(hop)) ?? hops[0] ?? peer.address;
}
