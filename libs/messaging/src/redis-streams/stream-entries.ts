import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { StoredRecord } from '../bus/event-bus.ts';
import { streamKey } from './keys.ts';

/** Where a partition begins: before every record. */
export const beginning = '0-0';

const headersSchema = z.record(z.string(), z.string());

/** Reads the records of a partition that come after `position`, oldest first. */
export async function readAfter(
  redis: Redis,
  from: { topic: string; partition: number; position: string; count: number },
): Promise<StoredRecord[]> {
  const { topic, partition, position, count } = from;
  const entries = await redis.xrange(streamKey(topic, partition), `(${position}`, '+', 'COUNT', count);
  return entries.map(([id, fields]) => toRecord(topic, partition, id, fields));
}

/** Position of a partition's newest record; {@link beginning} when it is empty. */
export async function newestPosition(redis: Redis, topic: string, partition: number): Promise<string> {
  const [newest] = await redis.xrevrange(streamKey(topic, partition), '+', '-', 'COUNT', 1);
  return newest?.[0] ?? beginning;
}

/** True when position `a` comes after position `b`. */
export function isAfter(a: string, b: string): boolean {
  const [aMs = 0, aSequence = 0] = a.split('-').map(Number);
  const [bMs = 0, bSequence = 0] = b.split('-').map(Number);
  return aMs > bMs || (aMs === bMs && aSequence > bSequence);
}

function toRecord(topic: string, partition: number, id: string, fields: string[]): StoredRecord {
  const byName = new Map<string, string>();
  for (let i = 0; i + 1 < fields.length; i += 2) byName.set(fields[i] ?? '', fields[i + 1] ?? '');
  return {
    topic,
    partition,
    position: id,
    key: byName.get('k') ?? '',
    value: byName.get('v') ?? '',
    headers: parseHeaders(byName.get('h')),
    storedAtMs: Number(id.slice(0, id.indexOf('-'))),
  };
}

/** Headers written by something else than this library are dropped: the record must still reach its dead letters. */
function parseHeaders(text: string | undefined): Record<string, string> {
  try {
    return headersSchema.catch({}).parse(JSON.parse(text ?? '{}'));
  } catch {
    return {};
  }
}
