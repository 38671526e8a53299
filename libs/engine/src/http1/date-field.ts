import type { Deadlines } from '../sockets/deadlines.ts';

/** The Date field for answers that lack one (RFC 9110, 6.6.1), made once per second. */
export class DateField {
  #line = '';
  #validUntilMs = 0;

  constructor(private readonly deadlines: Deadlines) {}

  /** The value. */
  get text(): string {
    return this.line.slice('Date: '.length, -2);
  }

  /** The whole line. */
  get line(): string {
    const { nowMs } = this.deadlines;
    if (nowMs >= this.#validUntilMs) {
      const now = Date.now();
      this.#line = `Date: ${new Date(now).toUTCString()}\r\n`;
      this.#validUntilMs = nowMs + 1000 - (now % 1000);
    }
    return this.#line;
  }
}
