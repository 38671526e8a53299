import type { Admin, Kafka } from 'kafkajs';
import type { StoredRecord } from '../bus/event-bus.ts';
import { toStoredRecord } from './kafka-record.ts';

/**
 * Reads what a topic holds now. Kafka hands records to groups only, so a group of its own is made and deleted again.
 */
export async function* readTopic(
  kafka: Kafka,
  admin: Admin,
  topic: string,
  group: string,
): AsyncGenerator<StoredRecord> {
  const missing = new Map<number, bigint>();
  for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
    if (BigInt(high) > BigInt(low)) missing.set(partition, BigInt(high));
  }
  if (missing.size === 0) return;

  const consumer = kafka.consumer({ groupId: group, allowAutoTopicCreation: false, maxWaitTimeInMs: 100 });
  const arrived: StoredRecord[] = [];
  let wake: () => void = () => undefined;
  let failure: Error | undefined;
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    failure = payload.error;
    wake();
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        const end = missing.get(batch.partition);
        for (const message of batch.messages) {
          if (end !== undefined && BigInt(message.offset) < end)
            arrived.push(toStoredRecord(topic, batch.partition, message));
        }
        if (end !== undefined && BigInt(batch.lastOffset()) + 1n >= end) missing.delete(batch.partition);
        wake();
      },
    });
    while (missing.size > 0 || arrived.length > 0) {
      if (failure) throw failure;
      const record = arrived.shift();
      if (record) yield record;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    await consumer.disconnect();
    await admin.deleteGroups([group]);
  }
}
