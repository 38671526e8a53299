import type { Redis } from 'ioredis';
import { z } from 'zod';
import { fencesKey, groupSignal, leaseKey, streamKey, wakeChannel } from './keys.ts';
import { acquireScript, commitScript, releaseScript } from './scripts.ts';

/** One partition as a consumer group sees it. */
export interface GroupPartition {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
}

const acquired = z.tuple([z.string(), z.string()]).nullable();

/**
 * The right to read a partition for a group. Its token contains a number that grows with every holder, so that a holder which
 * was taken for dead can no longer move the group's position.
 */
export class PartitionLease {
  readonly key: string;
  readonly token: string;
  /** The group's position when the lease was taken: the last record acknowledged. */
  readonly position: string;
  readonly #redis: Redis;
  readonly #owned: GroupPartition;

  private constructor(redis: Redis, owned: GroupPartition, token: string, position: string) {
    this.#redis = redis;
    this.#owned = owned;
    this.key = leaseKey(owned.group, owned.topic, owned.partition);
    this.token = token;
    this.position = position;
  }

  /** Takes a partition, or returns null while another member holds it. */
  static async acquire(
    redis: Redis,
    wanted: GroupPartition,
    holder: { member: string; leaseMs: number },
  ): Promise<PartitionLease | null> {
    const { group, topic, partition } = wanted;
    const answer = acquired.parse(
      await acquireScript.run(
        redis,
        [leaseKey(group, topic, partition), fencesKey, streamKey(topic, partition)],
        [holder.member, holder.leaseMs, group],
      ),
    );
    return answer && new PartitionLease(redis, wanted, ...answer);
  }

  /** Saves the group's position. Returns false when the partition belongs to another member by now. */
  async commit(position: string): Promise<boolean> {
    const { group, topic, partition } = this.#owned;
    const answer = await commitScript.run(
      this.#redis,
      [this.key, streamKey(topic, partition)],
      [this.token, group, position],
    );
    return answer === 1;
  }

  /** Lets another member have the partition at once. */
  async release(): Promise<void> {
    await releaseScript.run(this.#redis, [this.key], [this.token, wakeChannel, groupSignal(this.#owned.group)]);
  }
}
