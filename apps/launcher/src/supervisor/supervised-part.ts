import { setTimeout as delay } from 'node:timers/promises';
import { backOffMs } from './back-off.ts';
import type { Part, PartDefinition } from './part.ts';

/** A process that ran this long is taken as healthy: its next crash starts the back-off anew. */
const STABLE_MS = 60_000;

/** What supervision tells others. */
export interface SupervisionEvents {
  /** One line for people: what crashed, and when it is started again. */
  readonly report: (line: string) => void;
  /** A part was started again and may have another id and other addresses. */
  readonly restarted: () => void;
}

/** One process that is started again with growing pauses whenever it ends without being asked to. */
export class SupervisedPart {
  readonly #definition: PartDefinition;
  readonly #events: SupervisionEvents;
  readonly #stopping = new AbortController();
  #current: Part;
  #attempt = 0;

  constructor(definition: PartDefinition, running: Part, events: SupervisionEvents) {
    this.#definition = definition;
    this.#current = running;
    this.#events = events;
    void this.#watch();
  }

  get name(): string {
    return this.#definition.name;
  }

  /** The process of the latest start; between a crash and the next start, the one that crashed. */
  get current(): Part {
    return this.#current;
  }

  /** Ends the process for good. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#current.stop();
  }

  async #watch(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const startedAt = performance.now();
      const reason = await this.#current.exited;
      if (this.#stopping.signal.aborted) return;
      if (performance.now() - startedAt >= STABLE_MS) this.#attempt = 0;
      await this.#startAgain(`${this.name} ended (${reason})`);
    }
  }

  async #startAgain(cause: string): Promise<void> {
    const pauseMs = backOffMs(this.#attempt);
    this.#attempt += 1;
    this.#events.report(`${cause}; starting it again in ${pauseMs / 1000} s`);
    await delay(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    if (this.#stopping.signal.aborted) return;
    try {
      this.#current = await this.#definition.start();
    } catch (error) {
      return this.#startAgain(error instanceof Error ? error.message : String(error));
    }
    if (this.#stopping.signal.aborted) return this.#current.stop();
    this.#events.restarted();
    this.#events.report(`${this.name} runs again`);
  }
}
