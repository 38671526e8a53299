import { randomBytes } from 'node:crypto';

/**
 * Ids of calls: a random part that belongs to the process and a number that belongs to the call. They name calls in logs and are no
 * secret, so one random draw per process will do.
 */
export function requestIds(): () => string {
  const prefix = randomBytes(12).toString('hex') + '-';
  let count = 0;
  return () => prefix + (count++).toString(36);
}
