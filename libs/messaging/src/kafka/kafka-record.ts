import type { KafkaMessage } from 'kafkajs';
import type { StoredRecord } from '../bus/event-bus.ts';

/** A message of kafkajs as the bus knows it. A header that was sent several times keeps its last value. */
export function toStoredRecord(topic: string, partition: number, message: KafkaMessage): StoredRecord {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) headers[name] = last.toString();
  }
  return {
    topic,
    partition,
    position: message.offset,
    key: message.key?.toString() ?? '',
    value: message.value?.toString() ?? '',
    headers,
    storedAtMs: Number(message.timestamp),
  };
}
