import type { Worker } from 'node:worker_threads';
import type { TryOutcome } from '@tollgate/contracts/dataplane';
import type { HealthUpdate } from '@tollgate/engine';
import type { CountedCalls } from '../status/call-tallies.ts';
import type { Done, FromWorker, ServingAddress, ToWorker, WorkerReport } from './messages.ts';

/** A worker that has not answered in this time is ended; as long as the primary took for the same work, and this. */
const answerWithinMs = 5_000;
/** A worker that says nothing for so many looks, one a second, is stuck. */
const mostSilentLooks = 10;
/** Loading takes as long as there is configuration; a worker that takes longer than this never will. */
const loadWithinMs = 300_000;
/** How long a drained worker may take to end. */
const endWithinMs = 2_000;

/** What a worker's thread reports to. */
export interface WorkerThreadEvents {
  report(thread: WorkerThread, report: WorkerReport): void;
  counted(counted: CountedCalls): void;
  failure(thread: WorkerThread, failure: { stack: string; requestId: string }): void;
  /** Its calls have shown something about nodes of upstreams. */
  health(thread: WorkerThread, update: HealthUpdate): void;
  tried(thread: WorkerThread, tryId: string, outcome: TryOutcome): void;
  /** It is gone, and nothing comes from it any more. */
  ended(thread: WorkerThread): void;
}

/** `loading`: compiles its snapshot; `loaded`: takes changes; `serving`: listens, too; `draining`: finishes its calls; `ended`. */
export type WorkerState = 'loading' | 'loaded' | 'serving' | 'draining' | 'ended';

interface Waiting {
  readonly done: (answer: Done | null) => void;
  /** How long it may take once what was asked before is done. */
  readonly withinMs: number;
}

type Numbered = Extract<ToWorker, { number: number }>;
type Unnumbered<T> = T extends unknown ? Omit<T, 'number'> : never;
/** A message that is answered, before it has its number. */
export type Request = Unnumbered<Numbered>;

/** One worker as the primary sees it. */
export class WorkerThread {
  state: WorkerState = 'loading';
  readonly startedAt = Date.now();
  /** The latest; null before the first. */
  report: WorkerReport | null = null;
  /** Why it was ended, or ended by itself; null when it was told to. */
  cause: string | null = null;
  /** Where it threw what nobody caught. */
  stack: string | null = null;
  /** Resolves to whether it is ready to take changes, or has ended before. */
  readonly loaded: Promise<boolean>;
  readonly ended: Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #loaded = Promise.withResolvers<boolean>();
  readonly #ended = Promise.withResolvers<void>();
  readonly #looking: NodeJS.Timeout;
  /** Runs out when the worker takes too long for what it is at: loading, or the oldest question. */
  #late: NodeJS.Timeout | undefined;
  #number = 0;
  #silentLooks = 0;

  constructor(
    readonly id: number,
    private readonly worker: Worker,
    private readonly events: WorkerThreadEvents,
  ) {
    this.loaded = this.#loaded.promise;
    this.ended = this.#ended.promise;
    worker.on('message', (message: FromWorker) => this.#take(message));
    worker.on('error', (cause: unknown) => this.#threw(cause));
    worker.once('exit', (code) => this.#exited(code));
    this.#looking = setInterval(() => this.#look(), 1_000).unref();
    this.#expect(loadWithinMs);
  }

  /** Whether changes reach it. */
  get isLive(): boolean {
    return this.state !== 'ended';
  }

  /** Sends what needs no answer. */
  tell(message: Exclude<ToWorker, Numbered>): void {
    if (this.isLive) this.worker.postMessage(message);
  }

  /**
   * Sends what is answered. Resolves to the answer, or to null when the worker ended first; one that says that it cannot do it, or nothing in
   * time, is ended.
   * @param extraMs on top of what every answer may take.
   */
  ask(request: Request, extraMs = 0): Promise<Done | null> {
    if (!this.isLive) return Promise.resolve(null);
    const number = ++this.#number;
    const { promise, resolve } = Promise.withResolvers<Done | null>();
    this.#waiting.set(number, { done: resolve, withinMs: answerWithinMs + extraMs });
    if (this.#waiting.size === 1 && this.state !== 'loading') this.#expectNext();
    this.worker.postMessage({ ...request, number });
    return promise;
  }

  /** Lets it listen; resolves to its ports, or to null when it could not. */
  async listen(address: ServingAddress): Promise<Done['ports'] | null> {
    const answer = await this.ask({ kind: 'listen', address });
    if (answer?.ports === undefined || this.state !== 'loaded') return null;
    this.state = 'serving';
    return answer.ports;
  }

  /** Lets it finish its calls and end; resolves when it has ended, one way or the other. */
  async drain(withinMs: number, idleMs: number): Promise<void> {
    if (!this.isLive) return;
    const isLoaded = this.state !== 'loading';
    this.state = 'draining';
    if (isLoaded) this.tell({ kind: 'drain', withinMs, idleMs });
    const timer = setTimeout(() => void this.worker.terminate(), isLoaded ? withinMs + endWithinMs : 0);
    await this.ended;
    clearTimeout(timer);
  }

  /** Ends it at once; its calls fail. */
  async end(cause: string): Promise<void> {
    this.cause ??= cause;
    await this.worker.terminate();
    await this.ended;
  }

  #take(message: FromWorker): void {
    this.#silentLooks = 0;
    switch (message.kind) {
      case 'loaded':
        if (this.state !== 'loading') return;
        this.state = 'loaded';
        this.#expectNext();
        this.#loaded.resolve(true);
        return;
      case 'done':
        this.#done(message);
        return;
      case 'report':
        this.report = message.report;
        this.events.report(this, message.report);
        return;
      case 'counted':
        this.events.counted(message.counted);
        return;
      case 'failure':
        this.events.failure(this, message);
        return;
      case 'tried':
        this.events.tried(this, message.tryId, message.outcome);
        return;
      case 'health':
        this.events.health(this, message.update);
    }
  }

  #done(answer: Done): void {
    if (answer.fault !== undefined) {
      // Whoever waits is told when it is gone: until then it would serve what is not in force any more.
      void this.end(answer.fault);
      return;
    }
    const waiting = this.#waiting.get(answer.number);
    this.#waiting.delete(answer.number);
    this.#expectNext();
    waiting?.done(answer);
  }

  /** It works on one question after the other, so each has its time from when the one before was answered. */
  #expectNext(): void {
    const [oldest] = this.#waiting.values();
    this.#expect(oldest?.withinMs ?? Infinity);
  }

  #expect(withinMs: number): void {
    clearTimeout(this.#late);
    if (withinMs === Infinity) return;
    this.#late = setTimeout(() => void this.end('it did not answer in time'), withinMs).unref();
  }

  /** A look that comes late, because the primary was busy, counts once. While an answer is awaited, that has its own time. */
  #look(): void {
    if (this.state === 'loading' || this.#waiting.size > 0) return;
    if (++this.#silentLooks > mostSilentLooks) void this.end('it was stuck');
  }

  #threw(cause: unknown): void {
    this.cause ??= cause instanceof Error ? cause.message : String(cause);
    if (cause instanceof Error) this.stack ??= cause.stack ?? null;
  }

  #exited(code: number): void {
    clearInterval(this.#looking);
    clearTimeout(this.#late);
    if (this.state !== 'draining') this.cause ??= `it exited with ${code}`;
    this.state = 'ended';
    for (const { done } of this.#waiting.values()) done(null);
    this.#waiting.clear();
    this.#loaded.resolve(false);
    this.events.ended(this);
    this.#ended.resolve();
  }
}
