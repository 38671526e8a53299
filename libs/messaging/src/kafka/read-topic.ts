import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { EachBatchPayload, Kafka } from 'kafkajs';
import type { StoredRecord } from '../bus/event-bus.ts';
import type { KafkaAdmin } from './kafka-admin.ts';
import { toStoredRecord } from './kafka-record.ts';

const readAhead = 500;

/** Reads what a topic holds now. Kafka hands records to groups only, so a group of its own is made and deleted again. */
export async function* readTopic(
  kafka: Kafka,
  admin: KafkaAdmin,
  topic: string,
  group: string,
): AsyncGenerator<StoredRecord> {
  const ends = await nonEmptyEnds(admin, topic);
  if (ends.size === 0) return;
  const reading = new AbortController();
  const records = new PassThrough({ objectMode: true, highWaterMark: readAhead });
  const consumer = kafka.consumer({ groupId: group, allowAutoTopicCreation: false, maxWaitTimeInMs: 100 });
  consumer.on(consumer.events.CRASH, ({ payload }) => records.destroy(payload.error));
  const eachBatch = async ({ batch }: EachBatchPayload): Promise<void> => {
    const end = ends.get(batch.partition);
    if (end === undefined) return;
    for (const message of batch.messages) {
      if (BigInt(message.offset) >= end) break;
      const hasRoom = records.write(toStoredRecord(topic, batch.partition, message));
      if (!hasRoom) await once(records, 'drain', { signal: reading.signal });
    }
    if (BigInt(batch.lastOffset()) + 1n >= end) ends.delete(batch.partition);
    if (ends.size === 0) records.end();
  };
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatch });
    yield* records as AsyncIterable<StoredRecord>;
  } finally {
    reading.abort();
    await consumer.disconnect();
    await forgetGroup(admin, group);
  }
}

/** A group that could not be deleted holds no position and is forgotten by the broker. */
async function forgetGroup(admin: KafkaAdmin, group: string): Promise<void> {
  await admin.run((connected) => connected.deleteGroups([group])).catch(() => undefined);
}

/** Where each partition that holds records ends at this moment. */
async function nonEmptyEnds(admin: KafkaAdmin, topic: string): Promise<Map<number, bigint>> {
  const offsets = await admin.run((connected) => connected.fetchTopicOffsets(topic), [topic]);
  return new Map(
    offsets
      .filter(({ low, high }) => BigInt(high) > BigInt(low))
      .map(({ partition, high }) => [partition, BigInt(high)]),
  );
}
