import { Inject, Injectable } from '@nestjs/common';
import { iamErrors } from '@tollgate/contracts/rest/iam';
import { AttemptThrottle, REDIS } from '@tollgate/platform';
import type { Redis } from 'ioredis';

const error = iamErrors.tooManyAttempts;

/** Log-ins. Each is counted before the password is looked at, so that many at once cannot slip through; a right one clears the count. */
@Injectable()
export class LoginThrottle extends AttemptThrottle {
  constructor(@Inject(REDIS) redis: Redis) {
    super(redis, { keyPrefix: 'tg:rate:login', points: 10, error });
  }
}

/** Requests for a new password: nobody's mail box is filled by them. */
@Injectable()
export class PasswordResetThrottle extends AttemptThrottle {
  constructor(@Inject(REDIS) redis: Redis) {
    super(redis, { keyPrefix: 'tg:rate:password-reset', points: 3, error });
  }
}
