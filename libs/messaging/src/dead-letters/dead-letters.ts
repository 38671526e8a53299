import type { BusRecord, EventBus, StoredRecord } from '../bus/event-bus.ts';
import { deadLetterTopic } from '../bus/topics.ts';

/** Why a consumer group could not take a record. */
export interface DeadLetterReason {
  /** `malformed`: no readable event of its type; `failed`: the handler rejected each time. */
  readonly kind: 'malformed' | 'failed';
  readonly error: string;
  readonly attempts: number;
}

/** A record that a consumer group could not take. */
export interface DeadLetter {
  readonly group: string;
  /** The record as it was, to be published again. */
  readonly record: BusRecord;
  readonly reason: DeadLetterReason;
  /** Where the record was read. */
  readonly from: { readonly partition: number; readonly position: string };
  /** RFC 3339, UTC. */
  readonly at: string;
}

const prefix = 'tollgate-dead-';

/** Publishes what a consumer group could not take to its dead-letter topic. */
export class DeadLetters {
  readonly #bus: EventBus;
  readonly #group: string;

  constructor(bus: EventBus, group: string) {
    this.#bus = bus;
    this.#group = group;
  }

  /** @throws BusUnavailableError when the letter could not be stored; the record must then be delivered again. */
  async add(record: StoredRecord, reason: DeadLetterReason): Promise<void> {
    await this.#bus.publish([
      {
        topic: deadLetterTopic(this.#group).name,
        key: record.key,
        value: record.value,
        headers: {
          ...record.headers,
          [`${prefix}topic`]: record.topic,
          [`${prefix}partition`]: String(record.partition),
          [`${prefix}position`]: record.position,
          [`${prefix}kind`]: reason.kind,
          [`${prefix}error`]: reason.error,
          [`${prefix}attempts`]: String(reason.attempts),
          [`${prefix}at`]: new Date().toISOString(),
        },
      },
    ]);
  }
}

/** Reads the letters of a consumer group, oldest first per partition. */
export async function* readDeadLetters(bus: EventBus, group: string): AsyncGenerator<DeadLetter> {
  for await (const stored of bus.read(deadLetterTopic(group).name)) yield toDeadLetter(group, stored);
}

function toDeadLetter(group: string, stored: StoredRecord): DeadLetter {
  const dead = (name: string): string => stored.headers[prefix + name] ?? '';
  const original = Object.entries(stored.headers).filter(([name]) => !name.startsWith(prefix));
  return {
    group,
    record: { topic: dead('topic'), key: stored.key, value: stored.value, headers: Object.fromEntries(original) },
    reason: {
      kind: dead('kind') === 'failed' ? 'failed' : 'malformed',
      error: dead('error'),
      attempts: Number(dead('attempts')),
    },
    from: { partition: Number(dead('partition')), position: dead('position') },
    at: dead('at'),
  };
}
