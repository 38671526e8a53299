import type { Peer } from '../execute/forwarded-headers.ts';
import { hopsField, hopsOf } from '../execute/hop-limit.ts';
import type { HeaderList } from '../execute/header-list.ts';
import type { HeaderBlock } from './header-block.ts';
import { field, type FieldKind, fieldKindOf } from './field-names.ts';

/** What the gateway itself knows about the client's side. */
export interface ClientSide {
  readonly peer: Peer;
  readonly clientAddress: string;
  readonly scheme: 'http' | 'https';
  readonly port: number;
}

/** Written by the engine for each call, or never passed on. */
const engineFields: ReadonlySet<FieldKind> = new Set([
  field.host,
  field.contentLength,
  field.transferEncoding,
  field.connection,
  field.expect,
  field.upgrade,
  field.hop,
  field.requestId,
  field.hops,
]);

/**
 * The fields of a request as they go to an upstream, without Host, request id and framing: hop-by-hop fields dropped (RFC 9110, 7.6.1),
 * X-Real-IP, X-Forwarded-* and X-Tollgate-Hops set. What the client claims about itself is kept only when its peer is trusted.
 * @param changed the headers after policies have changed them; null = as they came.
 */
export function forwardedSection(block: HeaderBlock, changed: HeaderList | null, side: ClientSide): Buffer {
  const pairs = changed === null ? block.pairs : changed.toFlatList();
  const kindAt =
    changed === null ? (index: number) => block.kinds[index]! : (index: number) => fieldKindOf(pairs[index * 2]!);
  const { peer, clientAddress, scheme, port } = side;
  const kept: string[] = [];
  const claims = new Set<string>();
  let chain = '';
  for (let index = 0; index * 2 < pairs.length; index++) {
    const name = pairs[index * 2]!;
    const value = pairs[index * 2 + 1]!;
    const kind = kindAt(index);
    if (engineFields.has(kind) || isNamed(block, name)) continue;
    if (kind === field.forwarded) {
      if (!peer.isTrusted) continue;
      const lowerCase = name.toLowerCase();
      claims.add(lowerCase);
      if (lowerCase === 'x-forwarded-for') chain += `${value}, `;
      if (lowerCase === 'x-forwarded-for' || lowerCase === 'x-real-ip') continue;
    }
    kept.push(name, ': ', value, '\r\n');
  }
  kept.push('X-Real-IP: ', clientAddress, '\r\nX-Forwarded-For: ', chain, peer.address, '\r\n');
  if (!claims.has('x-forwarded-proto')) kept.push('X-Forwarded-Proto: ', scheme, '\r\n');
  if (!claims.has('x-forwarded-host')) kept.push('X-Forwarded-Host: ', block.authority, '\r\n');
  if (!claims.has('x-forwarded-port')) kept.push('X-Forwarded-Port: ', String(port), '\r\n');
  kept.push(hopsField, ': ', String(hopsOf(block) + 1), '\r\n');
  return Buffer.from(kept.join(''), 'latin1');
}

function isNamed(block: HeaderBlock, name: string): boolean {
  return block.named.length > 0 && block.named.includes(name.toLowerCase());
}
