import type { CallState } from '../execute/call-state.ts';
import type { ForwardedFields } from '../http1/forwarded-fields.ts';
import type { RequestBody } from '../http1/request-body.ts';
import type { Socket } from '../sockets/socket.ts';
import type { UpstreamHead } from './upstream-channel.ts';

/** The client's connection or stream, as its calls see it. */
export interface ExchangeClient {
  readonly body: RequestBody | null;
  readonly awaitsContinue: boolean;
  /** HTTP/1.0 knows no interim answers. */
  readonly takesInterim: boolean;
  /** What makes a tunnel of the connection when the client asks for another protocol, else null. */
  readonly upgrade: Upgrade | null;
  /** The fields of its requests as they go to upstreams. */
  readonly forwarded: ForwardedFields;
  /** Writes what stands in the scratch buffer; false when the client is slower. */
  write(length: number): boolean;
  /** A policy may still look at the fields of the request although the call has ended: they must not be used again. */
  leaveFields(): void;
  /** The answer is out (`keep`: the next request may come), or will never be whole (`cut`). */
  exchangeEnded(end: 'keep' | 'close' | 'cut'): void;
}

/** A connection on which another protocol can be spoken instead. */
export interface Upgrade {
  /** The protocol that the client asks for. */
  readonly protocol: string;
  /** Tells the client that the upstream has agreed. */
  agree(call: CallState, head: UpstreamHead, bytes: Buffer): void;
  /** The other protocol is spoken from now on. */
  switchTo(upstream: Socket, firstBytes: Buffer): void;
}
