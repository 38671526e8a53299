import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** A Lua script, sent once per server and then called by its hash. */
export class LuaScript {
  readonly #source: string;
  readonly #sha: string;

  constructor(source: string) {
    this.#source = source.trim();
    this.#sha = createHash('sha1').update(this.#source).digest('hex');
  }

  /** Runs the script atomically. Returns what Redis answers; the caller knows the shape. */
  async run(redis: Redis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.#sha, keys.length, ...keys, ...args);
    } catch (cause) {
      if (!(cause instanceof Error) || !cause.message.startsWith('NOSCRIPT')) throw cause;
      return redis.eval(this.#source, keys.length, ...keys, ...args);
    }
  }
}
