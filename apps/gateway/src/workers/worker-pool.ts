import type { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { startThread } from '../threads.ts';
import type { ServingAddress, WorkerStart } from './messages.ts';
import { RestartPolicy } from './restart-policy.ts';
import { type Request, WorkerThread, type WorkerThreadEvents } from './worker-thread.ts';

/** While a worker is replaced, connections without a call may bring one more for so long, milliseconds. */
const idleMs = 5_000;

/** What a pool works with. */
export interface WorkerPoolOptions {
  readonly workers: number;
  readonly address: ServingAddress;
  /** What a worker with this id is to be started with, as it is in this moment. */
  readonly startOf: (workerId: number) => WorkerStart;
  readonly events: Omit<WorkerThreadEvents, 'ended'>;
  /** A worker has ended; its id is free after this. */
  readonly whenEnded: (workerId: number, wasAskedTo: boolean) => void;
  readonly drainMs: number;
  readonly logger: Logger;
  /** Starts a thread; default: the worker of this program. */
  readonly spawn?: (start: WorkerStart) => Worker;
}

/** One worker after the other in the same place. */
interface Slot {
  readonly policy: RestartPolicy;
  thread: WorkerThread | null;
  restarts: number;
  lastCause: string | null;
  timer: NodeJS.Timeout | undefined;
}

/** State of one worker, for `/status`. */
export interface WorkerStatus {
  readonly id: number | null;
  readonly state: string;
  readonly since: string | null;
  readonly restarts: number;
  readonly calls: number;
  readonly connections: number;
  readonly sockets: string | null;
  /** Why the one before ended. */
  readonly lastEnd: string | null;
}

/** Keeps as many workers alive as there should be, and replaces those that end. */
export class WorkerPool {
  readonly #slots: Slot[];
  readonly #threads = new Set<WorkerThread>();
  #address: ServingAddress;
  #replacing: Promise<void> | null = null;
  #isClosing = false;
  #turn = 0;

  constructor(private readonly options: WorkerPoolOptions) {
    this.#address = options.address;
    this.#slots = Array.from({ length: options.workers }, () => ({
      policy: new RestartPolicy(),
      thread: null,
      restarts: 0,
      lastCause: null,
      timer: undefined,
    }));
  }

  /** Ids are needed for all workers, one more while they are replaced one by one, and the primary. */
  static idsFor(workers: number): number {
    return workers + 2;
  }

  /** Starts all workers; resolves to where they listen. @throws Error when one cannot serve. */
  async start(): Promise<{ readonly http: number; readonly https: number }> {
    try {
      const threads = this.#slots.map((slot) => (slot.thread = this.#spawn()));
      await Promise.all(threads.map(({ loaded }) => loaded));
      for (const thread of threads) {
        const ports = await thread.listen(this.#address);
        if (ports === null || ports === undefined) throw new Error(thread.cause ?? 'a worker ended');
        this.#address = { ...this.#address, httpPort: ports.http, httpsPort: ports.https };
      }
    } catch (cause) {
      await this.close(0);
      throw cause;
    }
    for (const slot of this.#slots) this.#watch(slot);
    return { http: this.#address.httpPort, https: this.#address.httpsPort };
  }

  /** Whether a worker serves. */
  get isServing(): boolean {
    return this.#slots.some(({ thread }) => thread?.state === 'serving');
  }

  /** One of those that serve, another one each time. */
  someServing(): WorkerThread | undefined {
    const serving = [...this.#threads].filter(({ state }) => state === 'serving');
    return serving[this.#turn++ % serving.length];
  }

  /** Why it is not ready though a worker may serve: one keeps ending. */
  get trouble(): string | null {
    const slot = this.#slots.find(({ policy }) => policy.isLooping(performance.now()));
    return slot === undefined ? null : `a worker keeps ending: ${slot.lastCause ?? 'unknown'}`;
  }

  /** Sends to all, or to all but one, what needs no answer. */
  tell(message: Parameters<WorkerThread['tell']>[0], except?: WorkerThread): void {
    for (const thread of this.#threads) if (thread !== except) thread.tell(message);
  }

  /** Sends to all; resolves when every one that lives, and loaded its configuration, has done it. */
  async ask(request: Request, extraMs = 0): Promise<void> {
    const answers = [...this.#threads].map(async (thread) => {
      const isAwaited = thread.state === 'loaded' || thread.state === 'serving';
      const answer = thread.ask(request, extraMs);
      // One that is loading does this before it listens; one that drains serves nothing new.
      if (isAwaited) await answer;
    });
    await Promise.all(answers);
  }

  /** Replaces all workers one after the other; each new one listens before the old one stops. Stops at one that cannot. */
  replaceAll(): Promise<void> {
    this.#replacing ??= this.#replaceAll().finally(() => (this.#replacing = null));
    return this.#replacing;
  }

  async #replaceAll(): Promise<void> {
    for (const slot of this.#slots) {
      if (this.#isClosing) return;
      const old = slot.thread;
      if (old?.state !== 'serving') continue;
      const next = this.#spawn();
      if (!(await this.#letServe(next))) {
        this.options.logger.error({ cause: next.cause }, 'a new worker could not serve; the old ones stay');
        return;
      }
      if (slot.thread !== old) {
        // It ended meanwhile, and was replaced for that.
        await next.drain(this.options.drainMs, idleMs);
        continue;
      }
      slot.thread = next;
      this.#watch(slot);
      await old.drain(this.options.drainMs, idleMs);
    }
  }

  /** Lets calls under way finish within the time; resolves when all workers have ended. */
  async close(withinMs: number): Promise<void> {
    this.#isClosing = true;
    for (const { timer } of this.#slots) clearTimeout(timer);
    await Promise.all([...this.#threads].map((thread) => thread.drain(withinMs, 0)));
  }

  describe(): WorkerStatus[] {
    return this.#slots.map(({ thread, restarts, lastCause }) => ({
      id: thread?.id ?? null,
      state: thread?.state ?? 'ended',
      since: thread === null ? null : new Date(thread.startedAt).toISOString(),
      restarts,
      calls: thread?.report?.calls ?? 0,
      connections: thread?.report?.connections ?? 0,
      sockets: thread?.report?.sockets.kind ?? null,
      lastEnd: lastCause,
    }));
  }

  /** Those that serve, or finish their calls. */
  get threads(): ReadonlySet<WorkerThread> {
    return this.#threads;
  }

  #spawn(): WorkerThread {
    const taken = new Set([...this.#threads].map(({ id }) => id));
    let id = 1;
    while (taken.has(id)) id++;
    const { spawn = spawnWorker, startOf, events } = this.options;
    const thread = new WorkerThread(id, spawn(startOf(id)), { ...events, ended: () => this.#ended(thread) });
    this.#threads.add(thread);
    return thread;
  }

  #ended(thread: WorkerThread): void {
    this.#threads.delete(thread);
    const wasAskedTo = thread.cause === null;
    this.options.whenEnded(thread.id, wasAskedTo);
    const { id: workerId, cause, stack } = thread;
    if (!wasAskedTo) this.options.logger.error({ workerId, cause, stack }, 'a worker has ended');
  }

  /** Starts the next one when this one ends and still stands in its slot. */
  #watch(slot: Slot): void {
    const { thread } = slot;
    void thread?.ended.then(() => {
      if (this.#isClosing || slot.thread !== thread) return;
      slot.lastCause = thread.cause;
      slot.restarts++;
      const { afterMs } = slot.policy.ended(performance.now());
      slot.thread = null;
      slot.timer = setTimeout(() => void this.#restart(slot), afterMs);
    });
  }

  async #restart(slot: Slot): Promise<void> {
    const thread = this.#spawn();
    slot.thread = thread;
    this.#watch(slot);
    if (!(await this.#letServe(thread))) return;
    this.options.logger.info({ workerId: thread.id }, 'a worker serves again');
  }

  async #letServe(thread: WorkerThread): Promise<boolean> {
    if (!(await thread.loaded)) return false;
    if ((await thread.listen(this.#address)) !== null) return true;
    await thread.end('it could not listen');
    return false;
  }
}

/** Starts the worker of this program. */
export function spawnWorker(start: WorkerStart): Worker {
  return startThread(new URL('./worker', import.meta.url), {
    workerData: start,
    transferList: start.usage === null ? [] : [start.usage],
    name: `worker-${start.place.workerId}`,
  });
}
