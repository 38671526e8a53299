import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { portalErrors } from '@tollgate/contracts/rest/portal';
import { ApiError, REDIS } from '@tollgate/platform';
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

const windowSeconds = 15 * 60;

/** Counts what is tried per mail address and site, wherever it comes from. Unknown addresses are counted alike. */
class MailAddressThrottle {
  private readonly limiter: RateLimiterRedis;

  constructor(redis: Redis, { keyPrefix, points }: { keyPrefix: string; points: number }) {
    const limits = { keyPrefix, points, duration: windowSeconds };
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

/** Log-ins, counted before the password is looked at; a right one clears the count. */
@Injectable()
export class LogInThrottle extends MailAddressThrottle {
  constructor(@Inject(REDIS) redis: Redis) {
    super(redis, { keyPrefix: 'tg:rate:developer-log-in', points: 10 });
  }
}

/** Requests for a new password: nobody's mail box is filled by them. */
@Injectable()
export class PasswordResetThrottle extends MailAddressThrottle {
  constructor(@Inject(REDIS) redis: Redis) {
    super(redis, { keyPrefix: 'tg:rate:developer-password-reset', points: 3 });
  }
}

function keyOf(siteId: string, email: string): string {
  return createHash('sha256').update(`${siteId} ${email}`).digest('hex');
}
