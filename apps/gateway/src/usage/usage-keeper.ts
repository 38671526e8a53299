import type { MessagePort, Worker } from 'node:worker_threads';
import type { UsageRow } from '@tollgate/contracts/dataplane';
import { LinkRefusal } from '../link/link-refusal.ts';
import { startThread } from '../threads.ts';
import type { UsageLog } from './usage-log.ts';
import type { FromUsageThread, Posted, ToUsageThread, UsageStart, UsageState } from './usage-messages.ts';

/** What keeping usage works with. */
export interface UsageKeeperOptions extends UsageStart {
  /** Sends to the control plane. @throws LinkRefusal */
  readonly post: (path: string, body: string) => Promise<unknown>;
  readonly received: (workerId: number, rows: readonly UsageRow[]) => void;
  readonly sealed: (sequence: number, rows: readonly UsageRow[]) => void;
  readonly unsealed: (sequence: number, givenUp: readonly UsageRow[]) => void;
  readonly logger: UsageLog;
  /** Ends the process: usage cannot be kept any more. */
  readonly die: (cause: Error) => void;
}

/** Beyond what sending may take, at the end. */
const endWithinMs = 5_000;

/** Usage as the primary sees it: the thread that keeps it, and what that tells. */
export class UsageKeeper {
  readonly #ended = Promise.withResolvers<void>();
  readonly #opened = Promise.withResolvers<void>();
  readonly #reports = new Map<number, () => void>();
  #epoch = '';
  #state: UsageState = { pendingRows: 0, walBytes: 0 };
  #number = 0;
  #isStopping = false;
  #cause: Error | null = null;

  private constructor(
    private readonly thread: Worker,
    private readonly options: UsageKeeperOptions,
  ) {
    thread.on('message', (message: FromUsageThread) => this.#take(message));
    thread.once('error', (cause: unknown) => this.#failed(cause));
    thread.once('exit', () => this.#exited());
  }

  /** Opens the file and takes up what an earlier process left. @throws Error when it cannot be opened. */
  static async start(options: UsageKeeperOptions): Promise<UsageKeeper> {
    const { path, maxBytes, rejectedPath, flushMs, shipMs } = options;
    const start: UsageStart = { path, maxBytes, rejectedPath, flushMs, shipMs };
    const thread = startThread(new URL('./usage-thread', import.meta.url), { workerData: start, name: 'usage' });
    const keeper = new UsageKeeper(thread, options);
    await keeper.#opened.promise;
    return keeper;
  }

  /** Of this process's batches. */
  get epoch(): string {
    return this.#epoch;
  }

  /** As of the last report. */
  get state(): UsageState {
    return this.#state;
  }

  /** A worker will hand over its rows on this port. */
  readonly connect = (workerId: number, port: MessagePort): void => {
    this.#send({ kind: 'worker', workerId, port }, [port]);
  };

  /** Begins to send to the control plane. */
  ship(): void {
    this.#send({ kind: 'ship' });
  }

  /** Brings {@link state} up to date. */
  async collect(): Promise<void> {
    if (this.#isStopping) return;
    const number = ++this.#number;
    await new Promise<void>((resolve) => {
      this.#reports.set(number, resolve);
      this.#send({ kind: 'report', number });
    });
  }

  /** Writes all that workers have handed over, and tries once more to send it within the time. */
  async stop(shipWithinMs: number): Promise<void> {
    this.#isStopping = true;
    this.#send({ kind: 'stop', shipWithinMs });
    const timer = setTimeout(() => void this.thread.terminate(), shipWithinMs + endWithinMs);
    await this.#ended.promise;
    clearTimeout(timer);
  }

  #take(message: FromUsageThread): void {
    const { received, sealed, unsealed, logger } = this.options;
    switch (message.kind) {
      case 'open':
        this.#epoch = message.epoch;
        this.#state = message.state;
        this.#opened.resolve();
        return;
      case 'state':
        this.#state = message.state;
        if (message.number !== null) this.#reported(message.number);
        return;
      case 'received':
        received(message.workerId, message.rows);
        return;
      case 'sealed':
        sealed(message.sequence, message.rows);
        return;
      case 'unsealed':
        unsealed(message.sequence, message.rows);
        return;
      case 'post':
        void this.#post(message);
        return;
      case 'log':
        logger[message.level](message.fields, message.message);
    }
  }

  async #post({ number, path, body }: Extract<FromUsageThread, { kind: 'post' }>): Promise<void> {
    let posted: Posted = { outcome: 'accepted' };
    try {
      await this.options.post(path, body);
    } catch (cause) {
      posted = failureOf(cause);
    }
    this.#send({ kind: 'posted', number, posted });
  }

  #reported(number: number): void {
    this.#reports.get(number)?.();
    this.#reports.delete(number);
  }

  #failed(cause: unknown): void {
    this.#cause = cause instanceof Error ? cause : new Error(String(cause));
  }

  #exited(): void {
    const cause = this.#cause ?? new Error('the thread that keeps usage has ended');
    this.#opened.reject(cause);
    // Calls could not be counted any more, so none may be answered: the process ends, and whoever watches it starts it again.
    if (this.#epoch !== '' && !this.#isStopping) this.options.die(cause);
    for (const number of [...this.#reports.keys()]) this.#reported(number);
    this.#ended.resolve();
  }

  #send(message: ToUsageThread, transfer: readonly MessagePort[] = []): void {
    this.thread.postMessage(message, transfer);
  }
}

/** Errors lose what is their own when they cross threads. */
function failureOf(cause: unknown): Posted {
  if (cause instanceof LinkRefusal) {
    const { status, code, detail, pointers } = cause;
    return { outcome: 'refused', refusal: { status, code, detail, pointers } };
  }
  return { outcome: 'failed', cause: cause instanceof Error ? cause.message : String(cause) };
}
