import type { Redis } from 'ioredis';
import { WakeSignal } from '../bus/wake-signal.ts';
import { wakeChannel } from './keys.ts';

/**
 * Tells waiting readers at once that a stream has grown. Redis forgets such messages while a process is not connected, so
 * everybody is woken after each reconnect.
 */
export class WakeUps {
  readonly #redis: Redis;
  readonly #signals = new Map<string, Set<WakeSignal>>();

  /** @param redis a connection of its own: a subscribed connection can do nothing else. */
  constructor(redis: Redis) {
    this.#redis = redis;
    redis.on('message', (_channel: string, name: string) => this.#ring(name));
    redis.on('ready', () => {
      for (const name of this.#signals.keys()) this.#ring(name);
    });
  }

  /** Starts to listen. Resolves when Redis confirms; ioredis subscribes again after each reconnect. */
  async listen(): Promise<void> {
    await this.#redis.subscribe(wakeChannel);
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

  #ring(name: string): void {
    for (const signal of this.#signals.get(name) ?? []) signal.ring();
  }
}
