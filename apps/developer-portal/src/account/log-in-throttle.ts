import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { portalErrors } from '@tollgate/contracts/rest/portal';
import { ApiError, REDIS } from '@tollgate/platform';
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

const attemptsAllowed = 10;
const windowSeconds = 15 * 60;

/**
 * Counts log-ins per mail address and site, wherever they come from, before the password is looked at; a right one clears the count.
 * Unknown addresses are counted alike.
 */
@Injectable()
export class LogInThrottle {
  private readonly limiter: RateLimiterRedis;

  constructor(@Inject(REDIS) redis: Redis) {
    const limits = { keyPrefix: 'tg:rate:developer-log-in', points: attemptsAllowed, duration: windowSeconds };
    this.limiter = new RateLimiterRedis({
      ...limits,
      storeClient: redis,
      rejectIfRedisNotReady: true,
      insuranceLimiter: new RateLimiterMemory(limits),
    });
  }

  /** @throws ApiError `developer.too_many_attempts` with Retry-After. */
  async count(siteId: string, email: string): Promise<void> {
    try {
      await this.limiter.consume(keyOf(siteId, email));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const seconds = Math.ceil(refusal.msBeforeNext / 1000);
      throw new ApiError(portalErrors.tooManyAttempts, { headers: { 'retry-after': String(seconds) } });
    }
  }

  async clear(siteId: string, email: string): Promise<void> {
    await this.limiter.delete(keyOf(siteId, email));
  }
}

function keyOf(siteId: string, email: string): string {
  return createHash('sha256').update(`${siteId} ${email}`).digest('hex');
}
