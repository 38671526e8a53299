import { randomBytes } from 'node:crypto';
import { writeAll, writeInteger } from './write.ts';

/**
 * Ids of calls: a random part that belongs to the process and a number that belongs to the call. They name calls in logs and are no
 * secret, so one random draw per process will do.
 */
export class RequestIds {
  readonly #prefix = `${randomBytes(12).toString('base64url')}-`;
  readonly #prefixBytes = Buffer.from(this.#prefix);
  #count = 0;

  /** The number of a new call. */
  next(): number {
    return this.#count++;
  }

  textOf(number: number): string {
    return `${this.#prefix}${number}`;
  }

  /** Writes the id without making a string of it. @returns the offset behind it. */
  write(target: Buffer, offset: number, number: number): number {
    return writeInteger(target, writeAll(target, offset, this.#prefixBytes), number);
  }
}
