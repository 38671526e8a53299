import type { CallState } from '../execute/call-state.ts';
import type { ForwardedAnswer } from '../http1/forwarding.ts';
import type { HttpServices } from '../http1/services.ts';
import type { BodyFraming } from '../http1/body-transfer.ts';
import type { ResponseHead } from '../policy/call.ts';
import { readBytes } from '../sockets/scratch.ts';
import type { Answer, AnswerFraming } from './answer.ts';
import { AnswerCollector } from './answer-collector.ts';
import { AnswerRelay, type AnswerSink } from './answer-relay.ts';
import type { ExchangeClient } from './exchange-client.ts';
import type { ForwardedBody } from './forwarded-body.ts';
import type { CollectEvents } from './request-collector.ts';
import type { UpstreamChannel } from './upstream-channel.ts';

/** An upstream's answer that waits while policies look at its head. */
export interface HeldAnswer {
  readonly head: ResponseHead;
  readonly channel: UpstreamChannel;
  readonly framing: BodyFraming | null;
  readonly contentLength: number | null;
  readonly isKept: boolean;
  /** What had come of the body. */
  readonly rest: Buffer;
}

/** What passing answers on works with. */
export interface PassingOptions {
  readonly services: HttpServices;
  readonly client: ExchangeClient;
  readonly answer: Answer;
  readonly sink: AnswerSink;
}

/** Passes answers of upstreams on to the client. One serves an exchange, call by call. */
export class AnswerPassing {
  readonly #services: HttpServices;
  readonly #client: ExchangeClient;
  readonly #answer: Answer;
  readonly #sink: AnswerSink;
  /** What goes to the upstream of the request's body. */
  body: ForwardedBody | null = null;
  #relay: AnswerRelay | null = null;
  /** Of an answer that was passed on in one piece. */
  #wholeBytes = 0;

  constructor({ services, client, answer, sink }: PassingOptions) {
    this.#services = services;
    this.#client = client;
    this.#answer = answer;
    this.#sink = sink;
  }

  /** Bytes of content that have been passed on. */
  get transferredBytes(): number {
    return this.#relay === null ? this.#wholeBytes : this.#relay.transferredBytes;
  }

  /** The client has taken what was written. */
  clientWritten(): void {
    this.#relay?.clientWritten();
  }

  abort(): void {
    this.#relay?.abort();
  }

  /** The call is over: channels may serve others from now on. */
  forget(): void {
    this.body = null;
    this.#relay = null;
    this.#wholeBytes = 0;
  }

  /**
   * The common case: nobody looks at the answer, so its bytes are copied.
   * @returns `whole`: all of it is written; `begun`: the sink hears of the end; `failed`: the head cannot be sent.
   */
  passAsItIs(call: CallState, { channel, head, bytes, start, end }: ForwardedAnswer): 'whole' | 'begun' | 'failed' {
    const framing = head.framing(call.method === 'HEAD');
    const { isKept } = head;
    const clientFraming = this.#answer.framingFor(framing, head.contentLength, head.status);
    const headBytes = this.#answer.composeForwarded(call, head, bytes, clientFraming);
    if (headBytes < 0) return 'failed';
    const length = framing === null ? 0 : framing.kind === 'length' ? framing.bytes : Infinity;
    if (length <= end - start && length <= readBytes) {
      bytes.copy(this.#services.scratch.bytes, headBytes, start, start + length);
      this.#wholeBytes = length;
      this.#client.write(headBytes + length);
      channel.release(isKept && start + length === end && this.#isRequestSent());
      return 'whole';
    }
    this.#relayBody(call, { channel, framing, isKept }, clientFraming).begin(headBytes, bytes, start, end);
    return 'begun';
  }

  /** Stops reading while policies look at the head. */
  hold(call: CallState, { channel, head, bytes, start, end }: ForwardedAnswer): HeldAnswer {
    channel.pause();
    return {
      head: { status: head.status, headers: head.toList(bytes), body: null, isForwarded: true },
      channel,
      framing: head.framing(call.method === 'HEAD'),
      contentLength: head.contentLength,
      isKept: head.isKept,
      rest: Buffer.from(bytes.subarray(start, end)),
    };
  }

  /** Sends a head that policies have looked at, and the body as it comes. False when the head cannot be sent. */
  passShaped(call: CallState, held: HeldAnswer): boolean {
    const { head, framing, contentLength, rest } = held;
    const clientFraming = this.#answer.framingFor(framing, contentLength, head.status);
    const headBytes = this.#answer.composeListed(call, head, clientFraming);
    if (headBytes < 0) return false;
    this.#relayBody(call, held, clientFraming).begin(headBytes, rest, 0, rest.length);
    return true;
  }

  /** Reads the body of a held answer to its end, within a bound. */
  collect({ channel, framing, isKept, rest }: HeldAnswer, limitBytes: number, events: CollectEvents): void {
    const services = this.#services;
    const { scratch } = services;
    const requestWritten = () => this.body?.unblock();
    const sink = new AnswerCollector({ scratch, limitBytes, requestWritten }, events);
    const isSent = this.#isRequestSent();
    const relayed = {
      services,
      channel,
      framing,
      isKept: isKept && isSent,
      rechunks: false,
      takesTrailers: false,
      sink,
    };
    this.#relay = new AnswerRelay(relayed);
    this.#relay.begin(0, rest, 0, rest.length);
  }

  /** What was collected is not passed on as it came. */
  dropCollected(): void {
    this.#relay = null;
  }

  /** The upstream's body has been replaced: a short rest of it is read so that its connection can be kept. */
  discard({ channel, framing, isKept, rest }: HeldAnswer): void {
    const services = this.#services;
    const isShort = framing === null || (framing.kind === 'length' && framing.bytes <= services.limits.drainLimitBytes);
    if (!isShort) {
      channel.destroy();
      return;
    }
    const options = { services, channel, framing, isKept, rechunks: false, takesTrailers: false, sink: null };
    new AnswerRelay(options).begin(0, rest, 0, rest.length);
  }

  #relayBody(
    call: CallState,
    { channel, framing, isKept }: Pick<HeldAnswer, 'channel' | 'framing' | 'isKept'>,
    clientFraming: AnswerFraming,
  ): AnswerRelay {
    this.#relay = new AnswerRelay({
      services: this.#services,
      channel,
      framing,
      rechunks: framing !== null && clientFraming.kind === 'chunked',
      takesTrailers: framing !== null && framing.kind !== 'length' && this.#answer.takesTrailers(call),
      isKept: isKept && this.#isRequestSent(),
      sink: this.#sink,
    });
    return this.#relay;
  }

  /** A connection on which a request is still being sent is of no use to the next call. */
  #isRequestSent(): boolean {
    return this.body === null || this.body.isComplete;
  }
}
