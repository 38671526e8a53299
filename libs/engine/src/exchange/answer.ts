import type { OwnError } from '../execute/own-answer.ts';
import type { CallState } from '../execute/call-state.ts';
import type { HeaderList } from '../execute/header-list.ts';
import type { BodyFraming } from '../http1/body-transfer.ts';
import type { ResponseHead } from '../policy/call.ts';
import type { UpstreamHead } from './upstream-channel.ts';

/** How the client learns where an answer ends; `until-close`: by the end of the connection or stream. */
export type AnswerFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' | 'until-close' };

/**
 * The client's side of a call: how heads are written in the version of HTTP that it speaks. Where head and body share one stream of bytes,
 * a head is put into the scratch buffer so that both leave with one write; else it is sent at once, and no bytes stand there.
 */
export interface Answer {
  /** Of the answer; 0 while its head has not been written. */
  readonly status: number;
  /** Content that the gateway has sent of its own. */
  readonly ownBytes: number;
  /** The connection ends with this answer. */
  closes: boolean;
  /** Another call is to be answered. */
  begin(): void;
  /** How the client will know where an upstream's answer ends. */
  framingFor(framing: BodyFraming | null, contentLength: number | null, status: number): AnswerFraming;
  /** Writes the head of an upstream's answer as it came. @returns the bytes of it in the scratch buffer, or −1 when it is too long to send. */
  composeForwarded(call: CallState, head: UpstreamHead, bytes: Buffer, framing: AnswerFraming): number;
  /** Writes a head that policies have looked at. @returns the bytes of it in the scratch buffer, or −1 when it is too long to send. */
  composeListed(call: CallState, head: ResponseHead, framing: AnswerFraming): number;
  /** Writes an answer of the gateway's own; false when it cannot be sent. */
  writeOwn(call: CallState, head: ResponseHead): boolean;
  /** Writes an interim answer (1xx) of an upstream. */
  writeInterim(call: CallState, head: UpstreamHead, bytes: Buffer): void;
  writeContinue(): void;
  /** Whether the client wants trailers. */
  takesTrailers(call: CallState): boolean;
  /** The body ends with these trailers; they follow when the exchange ends, unless they stand in the body already. */
  endWith(trailers: HeaderList): void;
  /** The head of an error as this client is told of it. */
  renderError(call: CallState, error: OwnError): ResponseHead;
}
