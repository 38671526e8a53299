import { Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import { ApiError } from '@tollgate/platform';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** A data plane makes some ten requests a second when busy. */
const requestsPerWindow = 600;
const windowSeconds = 10;

/** Keeps one data plane from taking the link away from the others. Counted per instance of this service. */
@Injectable()
export class PeerLimits {
  readonly #limiter = new RateLimiterMemory({ points: requestsPerWindow, duration: windowSeconds });

  /** @throws ApiError `request.rate_limited` */
  async check(dataPlaneId: string): Promise<void> {
    try {
      await this.#limiter.consume(dataPlaneId);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const retryAfter = String(Math.ceil(refusal.msBeforeNext / 1000));
      throw new ApiError(commonErrors.rateLimited, { headers: { 'retry-after': retryAfter } });
    }
  }
}
