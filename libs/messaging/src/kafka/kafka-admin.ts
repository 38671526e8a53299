import type { Admin, Kafka } from 'kafkajs';
import { BackOff } from '../bus/back-off.ts';
import { passesByItself, toBusError } from './kafka-errors.ts';

const tries = 6;

/** One administrative connection, made when it is needed and made anew after a failure. */
export class KafkaAdmin {
  readonly #kafka: Kafka;
  readonly #closing = new AbortController();
  #connecting: Promise<Admin> | undefined;

  constructor(kafka: Kafka) {
    this.#kafka = kafka;
  }

  /**
   * Runs `work`, again while the broker is only busy choosing leaders or loading.
   * @param topics what the work is about, for the error.
   * @throws UnknownTopicError, BusUnavailableError
   */
  async run<T>(work: (admin: Admin) => Promise<T>, topics: readonly string[] = []): Promise<T> {
    const backOff = new BackOff({ firstMs: 50, longestMs: 500 });
    for (let made = 1; ; made += 1) {
      try {
        return await work(await this.#connected());
      } catch (cause) {
        if (made < tries && passesByItself(cause)) {
          await backOff.wait(this.#closing.signal);
          continue;
        }
        await this.#disconnect();
        throw toBusError(cause, topics);
      }
    }
  }

  /** Disconnects. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#disconnect();
  }

  #connected(): Promise<Admin> {
    this.#connecting ??= this.#connect();
    return this.#connecting;
  }

  async #connect(): Promise<Admin> {
    const admin = this.#kafka.admin();
    await admin.connect();
    return admin;
  }

  async #disconnect(): Promise<void> {
    const connecting = this.#connecting;
    this.#connecting = undefined;
    await connecting?.then((admin) => admin.disconnect()).catch(() => undefined);
  }
}
