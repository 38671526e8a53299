import type { AddressSet } from '../matching/address-set.ts';
import { unmapAddress } from '../matching/address-set.ts';
import type { HeaderList } from './header-list.ts';

/** The end of a connection as the gateway sees it. */
export interface Peer {
  readonly address: string;
  readonly isTrusted: boolean;
}

/** The client: the peer itself or, behind trusted peers, the last address in X-Forwarded-For that is not one of them. */
export function clientAddressOf(peer: Peer, headers: HeaderList, trusted: AddressSet): string {
  if (!peer.isTrusted) return peer.address;
  const hops = headers
    .getAll('x-forwarded-for')
    .flatMap((value) => value.split(','))
    .map((hop) => unmapAddress(hop.trim()));
  return hops.findLast((hop) => !trusted.has(hop)) ?? hops[0] ?? peer.address;
}

/** What the gateway itself knows about the client's side. */
export interface ClientSide {
  readonly peer: Peer;
  readonly clientAddress: string;
  readonly scheme: string;
  readonly authority: string;
  readonly port: number;
}

/** Sets X-Real-IP and X-Forwarded-*; what the client claims is kept only when its peer is trusted. */
export function setForwardedHeaders(headers: HeaderList, client: ClientSide): void {
  const claimed = client.peer.isTrusted ? headers.getAll('x-forwarded-for') : [];
  headers.set('X-Real-IP', client.clientAddress);
  headers.set('X-Forwarded-For', [...claimed, client.peer.address].join(', '));
  setUnlessTrusted(headers, client.peer, 'X-Forwarded-Proto', client.scheme);
  setUnlessTrusted(headers, client.peer, 'X-Forwarded-Host', client.authority);
  setUnlessTrusted(headers, client.peer, 'X-Forwarded-Port', String(client.port));
  if (!client.peer.isTrusted) headers.remove('forwarded');
}

function setUnlessTrusted(headers: HeaderList, peer: Peer, name: string, value: string): void {
  if (!peer.isTrusted || !headers.has(name)) headers.set(name, value);
}
