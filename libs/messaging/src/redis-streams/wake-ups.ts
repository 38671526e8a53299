import type { Redis } from 'ioredis';
import type { BusLogger } from '../bus/bus-logger.ts';
import { WakeSignal } from '../bus/wake-signal.ts';
import { wakeChannel } from './keys.ts';

/**
 * Tells waiting readers at once that a stream has grown. Redis forgets such messages while a process does not listen, so everybody is
 * woken each time that listening has begun.
 */
export class WakeUps {
  readonly #redis: Redis;
  readonly #logger: BusLogger;
  readonly #signals = new Map<string, Set<WakeSignal>>();

  /** @param redis a connection of its own, without `autoResubscribe`: a subscribed connection can do nothing else. */
  constructor(redis: Redis, logger: BusLogger) {
    this.#redis = redis;
    this.#logger = logger;
    redis.on('message', (_channel: string, name: string) => this.#ring(name));
  }

  /**
   * Starts to listen as soon as Redis is there, and again after each reconnect. Never before the connection is ready: ioredis would send
   * the subscription ahead of its own check of the server, which then fails, and connect again without it.
   */
  listen(): void {
    this.#redis.on('ready', () => void this.#subscribe());
    if (this.#redis.status === 'ready') void this.#subscribe();
  }

  /** A signal that rings whenever `name`, a stream or a group signal, is announced. */
  add(name: string): WakeSignal {
    const signal = new WakeSignal();
    const signals = this.#signals.get(name) ?? new Set();
    this.#signals.set(name, signals.add(signal));
    return signal;
  }

  /** Forgets a signal. */
  remove(name: string, signal: WakeSignal): void {
    const signals = this.#signals.get(name);
    signals?.delete(signal);
    if (signals?.size === 0) this.#signals.delete(name);
  }

  async #subscribe(): Promise<void> {
    try {
      await this.#redis.subscribe(wakeChannel);
    } catch (cause) {
      this.#logger.warn({ err: cause }, 'redis wake-ups unavailable; readers poll');
    }
    for (const name of this.#signals.keys()) this.#ring(name);
  }

  #ring(name: string): void {
    for (const signal of this.#signals.get(name) ?? []) signal.ring();
  }
}
