import type { ErrorDefinition } from '@tollgate/contracts/errors';
import type { CallState } from '../execute/call-state.ts';
import { andThen, type Eventual, type ResponseHead, type Verdict } from '../policy/call.ts';
import type { Scratch } from '../sockets/scratch.ts';
import type { Answer } from './answer.ts';
import type { AnswerPassing, HeldAnswer } from './answer-passing.ts';
import type { ExchangeClient } from './exchange-client.ts';
import type { ForwardedBody } from './forwarded-body.ts';
import { HeldBody } from './held-body.ts';
import { RequestCollector } from './request-collector.ts';

/** The run of a call, as far as policies that look at whole bodies are a part of it. */
export interface BodyLookEvents {
  /** Goes on with what `work` gives, at once or later, if the call is still under way then; what it throws fails the call. */
  goOn<T>(call: CallState, work: () => Eventual<T>, next: (result: T) => void): void;
  /** Policies have seen the request. */
  requestSeen(call: CallState, verdict: Verdict | undefined, body: ForwardedBody | null): void;
  /** More of a body that goes from memory can be sent. */
  onBody(): void;
  /** The upstream's answer has been read to its end. */
  answerRead(): void;
  /** Policies have seen the answer, whose body stands in its head now. */
  answerSeen(call: CallState, head: ResponseHead): void;
  refused(error: ErrorDefinition): void;
}

const noContent = Buffer.alloc(0);

/** Shows whole bodies to the policies that want them. One serves an exchange, call by call. */
export class BodyLooks {
  /** Reads the request's body; null while none is read. */
  #collector: RequestCollector | null = null;

  constructor(
    private readonly parts: {
      readonly scratch: Scratch;
      readonly client: ExchangeClient;
      readonly answer: Answer;
      readonly passing: AnswerPassing;
    },
    private readonly events: BodyLookEvents,
  ) {}

  /** Takes more of the request's body when it is being read; false when it is streamed. */
  takeBody(): boolean {
    if (this.#collector === null) return false;
    this.#collector.take();
    return true;
  }

  /** The call is over. */
  forget(): void {
    this.#collector = null;
  }

  /** Reads the request's body to its end and shows it. */
  lookAtRequest(call: CallState): void {
    const { scratch, client, answer } = this.parts;
    const { body, awaitsContinue } = client;
    if (body === null) {
      this.#showRequest(call, noContent);
      return;
    }
    if (awaitsContinue && !body.hasBegun) answer.writeContinue();
    this.#collector = new RequestCollector(
      body,
      { scratch, limitBytes: requestBodyLimit(call) },
      {
        done: (content) => this.#showRequest(call, content),
        failed: (error) => this.events.refused(error),
      },
    );
    this.#collector.start();
  }

  /** Reads the body of an answer to its end and shows it, before the head is sent. */
  lookAtAnswer(call: CallState, held: HeldAnswer): void {
    const { passing } = this.parts;
    const { head } = held;
    passing.collect(held, responseBodyLimit(call), {
      done: (content) => {
        this.events.answerRead();
        passing.dropCollected();
        head.body = content;
        this.events.goOn(
          call,
          () => this.#showAnswer(call, head),
          () => this.events.answerSeen(call, head),
        );
      },
      failed: (error) => this.events.refused(error),
    });
  }

  /** Policies look at the whole body of the request; then it goes on from memory. */
  #showRequest(call: CallState, content: Buffer): void {
    this.#collector = null;
    const show = () =>
      andThen(call.program.globalPipeline.requestBody(call, content), (verdict) => {
        return verdict ?? call.pipeline?.requestBody(call, call.changedRequest?.body ?? content);
      });
    this.events.goOn(call, show, (verdict) => {
      const changed = call.changedRequest?.body ?? content;
      const isNone = this.parts.client.body === null && changed.length === 0;
      this.events.requestSeen(call, verdict, isNone ? null : new HeldBody(changed, () => this.events.onBody()));
    });
  }

  #showAnswer(call: CallState, head: ResponseHead): Eventual<void> {
    return andThen(call.program.globalPipeline.responseBody(call, head), () => call.pipeline?.responseBody(call, head));
  }
}

/** Whether policies look at the body of the call's request. */
export function looksAtRequest(call: CallState): boolean {
  return requestBodyLimit(call) < Infinity;
}

/** Whether policies look at the body of the call's answer. */
export function looksAtAnswer(call: CallState): boolean {
  return responseBodyLimit(call) < Infinity;
}

/** Bytes of the longest body that the call's policies take; Infinity: they do not look at it. */
function requestBodyLimit({ program, pipeline }: CallState): number {
  return Math.min(program.globalPipeline.requestBodyLimit, pipeline === null ? Infinity : pipeline.requestBodyLimit);
}

function responseBodyLimit({ program, pipeline }: CallState): number {
  return Math.min(program.globalPipeline.responseBodyLimit, pipeline === null ? Infinity : pipeline.responseBodyLimit);
}
