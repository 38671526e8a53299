import type { CallState } from '../execute/call-state.ts';
import { hopsField } from '../execute/hop-limit.ts';
import type { AddressSet } from '../matching/address-set.ts';
import { lastingCopy } from '../sockets/lasting-copy.ts';
import { field, type FieldKind, fieldKindOf } from './field-names.ts';
import type { RequestFields } from './request-fields.ts';
import { writeAll, writeAscii } from './write.ts';

/** What is known about the client's side of a connection. */
export interface ClientSide {
  readonly peerAddress: string;
  readonly scheme: 'http' | 'https';
  readonly localPort: number;
  /** Whether what the peer says about clients is believed. */
  isTrustedBy(trustedPeers: AddressSet): boolean;
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
 * The fields of a connection's requests as they go to upstreams, without Host, request id and framing: hop-by-hop fields dropped (RFC 9110,
 * 7.6.1), X-Real-IP, X-Forwarded-* and X-Tollgate-Hops set. What the client claims about itself is kept only when its peer is trusted.
 */
export class ForwardedFields {
  readonly #side: ClientSide;
  /** What every request of the connection gets, up to the host it asked for. */
  readonly #lines: Buffer;
  /** What was written for a header section that had come again, and of which section that was. */
  #repeated: Buffer | null = null;
  #repeatedBlock: RequestFields | null = null;
  #repeatedVersion = 0;

  constructor(side: ClientSide) {
    const { peerAddress, scheme, localPort } = side;
    this.#side = side;
    const lines =
      `X-Real-IP: ${peerAddress}\r\nX-Forwarded-For: ${peerAddress}\r\nX-Forwarded-Proto: ${scheme}\r\n` +
      `X-Forwarded-Port: ${localPort}\r\n${hopsField}: 1\r\nX-Forwarded-Host: `;
    this.#lines = lastingCopy(Buffer.from(lines, 'latin1'));
  }

  /**
   * Writes the fields of a call.
   * @param limit where they must end at the latest.
   * @returns the offset behind them, or −1 when there is no room.
   */
  write(target: Buffer, offset: number, call: CallState, limit: number): number {
    const { block, changedRequest, program } = call;
    const changed = changedRequest?.list ?? null;
    if (changed !== null || block.hops > 0) return this.#writeList(target, offset, call, limit);
    if (block.hasForwarded && this.#side.isTrustedBy(program.trustedPeers)) {
      return this.#writeList(target, offset, call, limit);
    }
    if (offset + block.length + this.#lines.length + block.authority.length > limit) return -1;
    if (this.#repeated !== null && this.#repeatedBlock === block && this.#repeatedVersion === block.version) {
      return writeAll(target, offset, this.#repeated);
    }
    let at = block.writeEndToEnd(target, offset);
    at = writeAll(target, at, this.#lines);
    at = writeAscii(target, at, block.authority);
    target[at++] = 13;
    target[at++] = 10;
    if (block.repeats > 0) {
      this.#repeated = lastingCopy(target.subarray(offset, at));
      this.#repeatedBlock = block;
      this.#repeatedVersion = block.version;
    }
    return at;
  }

  /** The rare cases, by text: policies have changed the fields, a trusted peer tells of clients behind it, another gateway of ours came before. */
  #writeList(target: Buffer, offset: number, call: CallState, limit: number): number {
    const text = this.#toText(call);
    return offset + text.length > limit ? -1 : writeAscii(target, offset, text);
  }

  #toText(call: CallState): string {
    const pairs = this.toPairs(call);
    let text = '';
    for (let index = 0; index < pairs.length; index += 2) text += `${pairs[index]}: ${pairs[index + 1]}\r\n`;
    return text;
  }

  /** The fields of a call as name, value, name, value … */
  toPairs(call: CallState): string[] {
    const { peerAddress, scheme, localPort } = this.#side;
    const isTrusted = this.#side.isTrustedBy(call.program.trustedPeers);
    const kept: string[] = [];
    const claims = new Set<string>();
    let chain = '';
    for (const [name, value] of call.changedRequest?.list ?? call.block.toList()) {
      const kind = fieldKindOf(name);
      const lowerCase = name.toLowerCase();
      if (engineFields.has(kind) || call.block.named.includes(lowerCase)) continue;
      if (kind === field.forwarded) {
        if (!isTrusted) continue;
        claims.add(lowerCase);
        if (lowerCase === 'x-forwarded-for') chain += `${value}, `;
        if (lowerCase === 'x-forwarded-for' || lowerCase === 'x-real-ip') continue;
      }
      kept.push(name, value);
    }
    kept.push('X-Real-IP', call.clientAddress, 'X-Forwarded-For', chain + peerAddress);
    if (!claims.has('x-forwarded-proto')) kept.push('X-Forwarded-Proto', scheme);
    if (!claims.has('x-forwarded-host')) kept.push('X-Forwarded-Host', call.block.authority);
    if (!claims.has('x-forwarded-port')) kept.push('X-Forwarded-Port', String(localPort));
    kept.push(hopsField, String(call.block.hops + 1));
    return kept;
  }
}
