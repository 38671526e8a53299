import { createHash } from 'node:crypto';
import type { ErrorDefinition } from '@tollgate/contracts/errors';
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { ApiError } from '../errors/api-error.ts';

/** What is allowed, and what is said beyond it. */
export interface AttemptLimit {
  readonly keyPrefix: string;
  /** Attempts per window of 15 minutes. */
  readonly points: number;
  readonly error: ErrorDefinition;
}

const windowSeconds = 15 * 60;

/**
 * Counts what is tried for one subject, such as a mail address, wherever it comes from. Subjects that do not exist are counted alike. When
 * Redis does not answer, each process counts on its own.
 */
export class AttemptThrottle {
  private readonly limiter: RateLimiterRedis;
  private readonly error: ErrorDefinition;

  constructor(redis: Redis, { keyPrefix, points, error }: AttemptLimit) {
    const limits = { keyPrefix, points, duration: windowSeconds };
    this.error = error;
    this.limiter = new RateLimiterRedis({
      ...limits,
      storeClient: redis,
      rejectIfRedisNotReady: true,
      insuranceLimiter: new RateLimiterMemory(limits),
    });
  }

  /** @throws ApiError the limit's error, with Retry-After. */
  async count(...subject: readonly string[]): Promise<void> {
    try {
      await this.limiter.consume(keyOf(subject));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const seconds = Math.ceil(refusal.msBeforeNext / 1000);
      throw new ApiError(this.error, { headers: { 'retry-after': String(seconds) } });
    }
  }

  async clear(...subject: readonly string[]): Promise<void> {
    await this.limiter.delete(keyOf(subject));
  }
}

function keyOf(subject: readonly string[]): string {
  return createHash('sha256').update(subject.join(' ')).digest('hex');
}
