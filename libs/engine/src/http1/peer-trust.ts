import type { AddressSet } from '../matching/address-set.ts';

/** Whether a connection's peer is trusted; remembered, because looking an address up costs more than reading a head. */
export class PeerTrust {
  #peers: AddressSet | null = null;
  #isTrusted = false;

  constructor(private readonly peerAddress: string) {}

  isTrustedBy(peers: AddressSet): boolean {
    if (this.#peers !== peers) {
      this.#peers = peers;
      this.#isTrusted = peers.has(this.peerAddress);
    }
    return this.#isTrusted;
  }
}
