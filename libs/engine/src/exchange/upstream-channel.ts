import type { HeaderList } from '../execute/header-list.ts';
import type { BodyFraming } from '../http1/body-transfer.ts';
import type { RequestHeadParts } from '../http1/request-head.ts';
import type { Socket } from '../sockets/socket.ts';

/** The head of an upstream's answer, whichever version of HTTP brought it. Valid until the next head is read. */
export interface UpstreamHead {
  readonly status: number;
  /** Null when there is no Content-Length. */
  readonly contentLength: number | null;
  /** The channel can serve another call once the answer is complete. */
  readonly isKept: boolean;
  /** The protocol that the upstream agrees to. */
  readonly upgrade: string | null;
  /** How the body ends; null when there is none, whatever the fields say. */
  framing(isHead: boolean): BodyFraming | null;
  /** The end-to-end fields; `bytes` as they came with the head. */
  toList(bytes: Buffer): HeaderList;
}

/** Who has sent a request on a channel and waits for what comes back. */
export interface UpstreamUser {
  /** A head with status 1xx; more heads follow. */
  onInterim(head: UpstreamHead, bytes: Buffer): void;
  /** The final head; what was read of the body stands in `bytes` between `start` and `end`. */
  onAnswer(head: UpstreamHead, bytes: Buffer, start: number, end: number): void;
  onAnswerBytes(bytes: Buffer, start: number, end: number): void;
  /** Everything written has left. */
  onUpstreamWritten(): void;
  /** No head, or one that cannot be understood, or the body broke off. The channel is closed. */
  onUpstreamFailed(reason: UpstreamFailure): void;
  /** The upstream has ended its side: a body that lasts until then is whole, others are not. The channel is closed. */
  onAnswerEnded(trailers: HeaderList | null): void;
}

/**
 * `closed` before a byte of the answer; `reset` in its head or later; `timeout` = nothing for too long, in head or body; `refused`: the
 * upstream says that it has not looked at the request.
 */
export type UpstreamFailure = 'closed' | 'reset' | 'malformed' | 'timeout' | 'refused';

/** What carries one call to a node and its answer back: a connection of HTTP/1, or a stream of HTTP/2. */
export interface UpstreamChannel {
  /** The connection has served another call before: then a close before the answer may just mean that it had grown too old. */
  readonly isReused: boolean;
  /** Takes the channel for a call; its request is written next. */
  begin(user: UpstreamUser, timeouts: { readMs: number; sendMs: number }): void;
  /**
   * Starts the request.
   * @param host what Host or `:authority` says.
   * @returns the bytes of its head that stand in the scratch buffer, to be written with the body; −1 when it is too long to send.
   */
  startRequest(parts: RequestHeadParts, host: string): number;
  /** Writes what stands in the scratch buffer; false when the node is slower. `isLast`: the request ends with it. */
  write(length: number, isLast: boolean): boolean;
  /** Another takes over what comes from now on. */
  handTo(user: UpstreamUser): void;
  /** Stops reading because the client is slower. */
  pause(): void;
  resume(): void;
  /** The call is over and the answer was read to its end. */
  release(isReusable: boolean): void;
  /** Hands the connection over to another protocol; null when it carries other calls too. */
  detach(): Socket | null;
  /** Gives the call up. */
  destroy(): void;
}
