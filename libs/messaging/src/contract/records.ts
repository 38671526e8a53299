import type {
  BusRecord,
  EventBus,
  RecordBatch,
  StoredRecord,
  Subscription,
  SubscriptionOptions,
} from '../bus/event-bus.ts';

/** Records `<key>:0`, `<key>:1`, … of several keys, as they would be written by concurrent writers. */
export function interleaved(topic: string, keys: readonly string[], from: number, to: number): BusRecord[] {
  const records: BusRecord[] = [];
  for (let number = from; number < to; number += 1) {
    for (const key of keys)
      records.push({ topic, key, value: `${key}:${number}`, headers: { number: String(number) } });
  }
  return records;
}

/** A group member that remembers what it was given. */
export interface Listener {
  readonly received: StoredRecord[];
  readonly subscription: Subscription;
}

/** Subscribes a member that acknowledges everything, after `work` on each record. */
export function listen(
  bus: EventBus,
  options: Pick<SubscriptionOptions, 'group' | 'topics'> & Partial<SubscriptionOptions>,
  work: (record: StoredRecord, batch: RecordBatch) => Promise<void> | void = () => undefined,
): Listener {
  const received: StoredRecord[] = [];
  const subscription = bus.subscribe({
    maxBatch: 50,
    maxWaitMs: 0,
    handle: async (batch) => {
      for (const record of batch.records) {
        if (batch.signal.aborted) return;
        await work(record, batch);
        received.push(record);
        batch.acknowledge(record);
      }
    },
    ...options,
  });
  return { received, subscription };
}

/** Values of one key in the order in which they came first; what was delivered again is left out. */
export function firstDeliveries(records: readonly StoredRecord[], key: string): string[] {
  return [...new Set(records.filter((record) => record.key === key).map((record) => record.value))];
}

/** `<key>:0` … `<key>:<count - 1>`. */
export function expected(key: string, count: number): string[] {
  return Array.from({ length: count }, (_, number) => `${key}:${number}`);
}
