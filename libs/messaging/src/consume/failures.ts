import { BusUnavailableError } from '../bus/bus-errors.ts';

/** PostgreSQL: connection lost, server stopping or starting, out of resources, or a standby that takes no writes. */
const unavailableSqlState = /^(08...|57P0[1-5]|53...|25006)$/;
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
]);
/** node-postgres has no codes for these. */
const driverMessages =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|not queryable/i;

/**
 * True when the fault lies with the database or the bus being away, not with the event: it must be delivered again however
 * long that takes, and never becomes a dead letter.
 */
export function isOutage(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  if (cause instanceof BusUnavailableError) return true;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  if (networkCodes.has(code) || unavailableSqlState.test(code) || driverMessages.test(cause.message)) return true;
  if (cause instanceof AggregateError) return cause.errors.some(isOutage);
  return isOutage('driverError' in cause ? cause.driverError : undefined) || isOutage(cause.cause);
}

/** Short text for logs and dead letters. */
export function describeFailure(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}
