import type { Part, PartDefinition } from './part.ts';
import { SupervisedPart } from './supervised-part.ts';
import type { SupervisionEvents } from './supervised-part.ts';

/** Keeps the processes of the platform running, and stops them in the reverse of the order in which they were started. */
export class Supervisor {
  readonly #events: SupervisionEvents;
  readonly #parts: SupervisedPart[] = [];

  constructor(events: SupervisionEvents) {
    this.#events = events;
  }

  /** Starts a process and keeps it running from then on; throws when the first start fails. */
  async start<P extends Part>(definition: PartDefinition<P>): Promise<P> {
    const running = await definition.start();
    this.#parts.push(new SupervisedPart(definition, running, this.#events));
    return running;
  }

  /** All processes by name, in the order of their first start. */
  current(): Map<string, Part> {
    return new Map(this.#parts.map((part) => [part.name, part.current]));
  }

  /** Stops all, the latest first, each one fully before the next. */
  async stop(): Promise<void> {
    for (const part of this.#parts.toReversed()) await part.stop();
  }
}
