/** Where the keeping of usage says what went wrong: a pino logger, or the way to one. */
export interface UsageLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
