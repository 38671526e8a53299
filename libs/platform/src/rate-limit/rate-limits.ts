import type { Principal } from '@tollgate/contracts/auth';
import { commonErrors } from '@tollgate/contracts/errors';
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { ApiError } from '../errors/api-error.ts';

/** Requests per minute. */
export interface RateLimitSettings {
  principalPerMinute: number;
  tenantPerMinute: number;
  addressPerMinute: number;
  sensitivePerMinute: number;
}

type Tier = 'default' | 'sensitive';

/**
 * Counts API requests per principal, tenant and address in Redis, shared by all instances. When Redis does not answer, each process
 * counts on its own: a limit may then be reached later, never lost.
 */
export class RateLimits {
  private readonly principal: RateLimiterRedis;
  private readonly tenant: RateLimiterRedis;
  private readonly address: RateLimiterRedis;
  private readonly sensitive: RateLimiterRedis;

  constructor(redis: Redis, settings: RateLimitSettings) {
    const limiter = (keyPrefix: string, points: number): RateLimiterRedis =>
      new RateLimiterRedis({
        storeClient: redis,
        rejectIfRedisNotReady: true,
        keyPrefix: `tg:rate:${keyPrefix}`,
        points,
        duration: 60,
        insuranceLimiter: new RateLimiterMemory({ keyPrefix, points, duration: 60 }),
      });
    this.principal = limiter('principal', settings.principalPerMinute);
    this.tenant = limiter('tenant', settings.tenantPerMinute);
    this.address = limiter('address', settings.addressPerMinute);
    this.sensitive = limiter('sensitive', settings.sensitivePerMinute);
  }

  /** @throws ApiError `request.rate_limited` with Retry-After. */
  async checkAddress(address: string, tier: Tier): Promise<void> {
    await this.consume(tier === 'sensitive' ? this.sensitive : this.address, address);
  }

  /** @throws ApiError `request.rate_limited` with Retry-After. */
  async checkPrincipal(principal: Principal, tier: Tier): Promise<void> {
    await Promise.all([
      this.consume(tier === 'sensitive' ? this.sensitive : this.principal, principal.id),
      principal.tenantId === undefined ? undefined : this.consume(this.tenant, principal.tenantId),
    ]);
  }

  private async consume(limiter: RateLimiterRedis, key: string): Promise<void> {
    try {
      await limiter.consume(key);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new ApiError(commonErrors.rateLimited, {
        headers: { 'retry-after': String(Math.ceil(refusal.msBeforeNext / 1000)) },
      });
    }
  }
}
