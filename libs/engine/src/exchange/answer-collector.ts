import { engineErrors } from '../engine.errors.ts';
import type { Scratch } from '../sockets/scratch.ts';
import type { AnswerSink } from './answer-relay.ts';
import type { CollectEvents } from './request-collector.ts';

/** Keeps the body of an upstream's answer, within a bound, for policies that look at it as a whole. */
export class AnswerCollector implements AnswerSink {
  readonly #parts: Buffer[] = [];
  #length = 0;
  #isOver = false;

  /** @param options `requestWritten`: the upstream has taken what was written of the request. */
  constructor(
    private readonly options: {
      readonly scratch: Scratch;
      readonly limitBytes: number;
      readonly requestWritten: () => void;
    },
    private readonly events: CollectEvents,
  ) {}

  writeAnswer(length: number): boolean {
    const { scratch, limitBytes } = this.options;
    this.#length += length;
    if (this.#length > limitBytes) this.#fail(engineErrors.answerTooLarge);
    else this.#parts.push(Buffer.from(scratch.bytes.subarray(0, length)));
    return true;
  }

  answerComplete(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.events.done(Buffer.concat(this.#parts, this.#length));
  }

  answerBroken(): void {
    this.#fail(engineErrors.upstreamFailed);
  }

  requestWritten(): void {
    this.options.requestWritten();
  }

  #fail(error: typeof engineErrors.upstreamFailed): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.events.failed(error);
  }
}
