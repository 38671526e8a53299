import { DatabaseError } from 'pg';
import { QueryFailedError } from 'typeorm';

const uniqueViolation = '23505';
const foreignKeyViolation = '23503';
const retryableCodes = new Set(['40P01', '40001']);

/** True when a statement failed because a unique constraint or index is taken; `constraint` narrows it to one. */
export function isUniqueViolation(cause: unknown, constraint?: string): boolean {
  return violates(cause, uniqueViolation, constraint);
}

/** True when a statement failed because others still refer to the row, or the row refers to nothing. */
export function isForeignKeyViolation(cause: unknown, constraint?: string): boolean {
  return violates(cause, foreignKeyViolation, constraint);
}

/** True when PostgreSQL refused a transaction only because of another one at the same time: a deadlock or a serialization failure. */
export function isRetryable(cause: unknown): boolean {
  if (!(cause instanceof QueryFailedError)) return false;
  const error: unknown = cause.driverError;
  return error instanceof DatabaseError && retryableCodes.has(error.code ?? '');
}

function violates(cause: unknown, code: string, constraint: string | undefined): boolean {
  if (!(cause instanceof QueryFailedError)) return false;
  const error: unknown = cause.driverError;
  return (
    error instanceof DatabaseError &&
    error.code === code &&
    (constraint === undefined || error.constraint === constraint)
  );
}
