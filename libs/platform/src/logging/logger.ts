import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';

/** What never reaches a log, wherever it stands in a logged object. */
const redacted = ['authorization', 'cookie', 'password', 'token', 'secret', 'key', 'bearer'].flatMap((name) => [
  name,
  `*.${name}`,
  `*.*.${name}`,
]);

/** Structured JSON logs of one service on standard output. */
export function createLogger(service: string, level: string): Logger {
  return pino({
    level,
    base: { service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: redacted, censor: '[redacted]' },
  });
}

/** Lets Nest's own messages go through pino. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  private write(level: 'error' | 'warn' | 'debug' | 'trace', message: unknown, rest: unknown[]): void {
    const context = rest.at(-1);
    const fields = message instanceof Error ? { err: message } : {};
    this.logger[level](
      { ...fields, context, rest: rest.slice(0, -1) },
      message instanceof Error ? message.message : String(message),
    );
  }
}
