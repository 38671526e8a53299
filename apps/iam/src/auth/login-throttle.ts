import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { iamErrors } from '@tollgate/contracts/rest/iam';
import { ApiError, REDIS } from '@tollgate/platform';
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

const failuresAllowed = 10;
const windowSeconds = 15 * 60;

/**
 * Counts wrong passwords per e-mail address, wherever they come from. Each attempt is counted before the password is looked at, so that
 * many at once cannot slip through; a right one clears the count. Unknown addresses are counted alike.
 */
@Injectable()
export class LoginThrottle {
  private readonly limiter: RateLimiterRedis;

  constructor(@Inject(REDIS) redis: Redis) {
    const limits = { keyPrefix: 'tg:rate:login', points: failuresAllowed, duration: windowSeconds };
    this.limiter = new RateLimiterRedis({
      ...limits,
      storeClient: redis,
      rejectIfRedisNotReady: true,
      insuranceLimiter: new RateLimiterMemory(limits),
    });
  }

  /** @throws ApiError `auth.too_many_attempts` with Retry-After. */
  async count(email: string): Promise<void> {
    try {
      await this.limiter.consume(keyOf(email));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const seconds = Math.ceil(refusal.msBeforeNext / 1000);
      throw new ApiError(iamErrors.tooManyAttempts, { headers: { 'retry-after': String(seconds) } });
    }
  }

  async clear(email: string): Promise<void> {
    await this.limiter.delete(keyOf(email));
  }
}

function keyOf(email: string): string {
  return createHash('sha256').update(email).digest('hex');
}
