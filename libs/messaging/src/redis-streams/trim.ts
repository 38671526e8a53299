import type { Redis } from 'ioredis';
import type { TopicSpec } from '../bus/event-bus.ts';
import { streamKey } from './keys.ts';
import { trimScript } from './scripts.ts';

/**
 * Frees records of a partition that every group has acknowledged; of one that no group reads, what is older than the topic's
 * retention or, for facts, more than `above`. Below `above` records nothing happens, so that a new group finds a recent past.
 */
export async function trimPartition(redis: Redis, topic: TopicSpec, partition: number, above: number): Promise<void> {
  const oldest = `${Date.now() - topic.retentionMs}-0`;
  await trimScript.run(redis, [streamKey(topic.name, partition)], [above, oldest, topic.unread]);
}
