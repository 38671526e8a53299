import { Inject, Injectable } from '@nestjs/common';
import { portalErrors } from '@tollgate/contracts/rest/portal';
import { AttemptThrottle, REDIS } from '@tollgate/platform';
import type { Redis } from 'ioredis';

const error = portalErrors.tooManyAttempts;

/** Log-ins per site and mail address, counted before the password is looked at; a right one clears the count. */
@Injectable()
export class LogInThrottle extends AttemptThrottle {
  constructor(@Inject(REDIS) redis: Redis) {
    super(redis, { keyPrefix: 'tg:rate:developer-log-in', points: 10, error });
  }
}

/** Requests for a new password per site and mail address: nobody's mail box is filled by them. */
@Injectable()
export class PasswordResetThrottle extends AttemptThrottle {
  constructor(@Inject(REDIS) redis: Redis) {
    super(redis, { keyPrefix: 'tg:rate:developer-password-reset', points: 3, error });
  }
}
