import { Inject, Injectable } from '@nestjs/common';
import { REDIS } from '@tollgate/platform';
import type { Redis } from 'ioredis';

/** Names a batch of all batches there ever are. */
export interface BatchName {
  readonly instanceId: string;
  readonly epoch: string;
  readonly sequence: number;
}

/** A data plane sends one batch at a time, so what comes again is among the last few. */
const rememberedPerEpoch = 64;
const rememberedForSeconds = 7 * 86_400;

/**
 * Hashes of the latest batches of each data plane, in Redis. They only save work and catch a changed content early: when they are
 * lost, the consumer's own books still count every batch once.
 */
@Injectable()
export class AcceptedBatches {
  constructor(@Inject(REDIS) private readonly redis: Redis) {}

  hashOf(batch: BatchName): Promise<string | null> {
    return this.redis.hget(keyOf(batch), String(batch.sequence));
  }

  async remember(batch: BatchName, contentSha256: string): Promise<void> {
    const key = keyOf(batch);
    await this.redis
      .multi()
      .hset(key, String(batch.sequence), contentSha256)
      .hdel(key, String(batch.sequence - rememberedPerEpoch))
      .expire(key, rememberedForSeconds)
      .exec();
  }
}

function keyOf({ instanceId, epoch }: BatchName): string {
  return `tg:fleet:usage:${instanceId}:${epoch}`;
}
