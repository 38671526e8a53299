import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { BackOff } from '../bus/back-off.ts';
import { closeSubscriptions } from '../bus/close-subscriptions.ts';
import type { BusLogger } from '../bus/bus-logger.ts';
import type { EventBus, Subscription, SubscriptionOptions } from '../bus/event-bus.ts';
import { deadLetterTopic, eventTopic } from '../bus/topics.ts';

/**
 * Nest transport over the event bus: `app.connectMicroservice({ strategy })` makes consuming part of the application's start and
 * shutdown. Handlers are methods with `@OnEvent` or `@OnBatch`; Nest's own patterns are refused, as their failures would be lost.
 */
export class EventBusServer extends Server implements CustomTransportStrategy {
  readonly #bus: EventBus;
  readonly #logger: BusLogger;
  readonly #groups: () => readonly SubscriptionOptions[];
  readonly #closing = new AbortController();
  #subscriptions: readonly Subscription[] = [];
  #ensuring: Promise<void> | undefined;

  /** @param groups called when the application starts to listen. */
  constructor(bus: EventBus, logger: BusLogger, groups: () => readonly SubscriptionOptions[]) {
    super();
    this.#bus = bus;
    this.#logger = logger;
    this.#groups = groups;
  }

  /** Starts every consumer group. A broker that is away does not fail the start; readiness tells. */
  listen(callback: (error?: unknown) => void): void {
    try {
      const groups = this.#groups();
      this.#ensuring = this.#ensureTopics(groups);
      this.#subscriptions = groups.map((group) => this.#bus.subscribe(group));
      callback();
    } catch (cause) {
      callback(cause);
    }
  }

  /** Finishes the events at hand and gives the partitions to other replicas. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#ensuring;
    await closeSubscriptions(this.#subscriptions, this.#logger);
  }

  /** Rejects unless every consumer group is being served. */
  async check(): Promise<void> {
    await Promise.all(this.#subscriptions.map((subscription) => subscription.check()));
  }

  override addHandler(pattern: unknown): never {
    throw new Error(`${String(pattern)}: handlers of events are declared with @OnEvent or @OnBatch`);
  }

  override on(): never {
    throw new Error('the event bus has no events of its own');
  }

  override unwrap<T>(): T {
    return this.#bus as T;
  }

  /** Dead-letter topics follow from the handlers, so no migrate step knows them. */
  async #ensureTopics(groups: readonly SubscriptionOptions[]): Promise<void> {
    const { signal } = this.#closing;
    const topics = groups.flatMap(({ group, topics: names }) => [deadLetterTopic(group), ...names.map(eventTopic)]);
    const backOff = new BackOff({ firstMs: 200, longestMs: 5000 });
    while (!signal.aborted) {
      try {
        return await this.#bus.ensureTopics(topics);
      } catch (cause) {
        this.#logger.warn({ err: cause }, 'topics not created yet; consumers wait');
        await backOff.wait(signal);
      }
    }
  }
}
