import { Inject, Injectable, Logger } from '@nestjs/common';
import { type Principal, principal } from '@tollgate/contracts/auth';
import { REDIS } from '@tollgate/platform';
import type { Redis } from 'ioredis';

/** How long a session may be answered from Redis; also the longest that an ended one works when Redis missed its end. */
const cachedSeconds = 30;
/** Longer than any reader that found the row before its end can take to cache it. */
const endedSeconds = 2 * cachedSeconds;
const ended = 'ended';

/** Remembers in Redis who a session's token stands for. Without Redis every look-up goes to the database. */
@Injectable()
export class SessionCache {
  readonly #logger = new Logger(SessionCache.name);

  constructor(@Inject(REDIS) private readonly redis: Redis) {}

  /** The principal, null for a session that ended, undefined when it is not known. */
  async find(tokenSha256: string): Promise<Principal | null | undefined> {
    const cached = await this.#try(() => this.redis.get(keyOf(tokenSha256)));
    if (cached === null || cached === undefined) return undefined;
    return cached === ended ? null : principal.parse(JSON.parse(cached));
  }

  /** Remembers a session until its time is over at most, unless its end is remembered already. */
  async remember(tokenSha256: string, who: Principal, expiresAt: Date): Promise<void> {
    const leftMs = Math.min(cachedSeconds * 1000, expiresAt.getTime() - Date.now());
    if (leftMs <= 0) return;
    await this.#try(() => this.redis.set(keyOf(tokenSha256), JSON.stringify(who), 'PX', leftMs, 'NX'));
  }

  /** Makes sessions end at once. */
  async end(tokenSha256s: readonly string[]): Promise<void> {
    await this.#try(async () => {
      for (const hash of tokenSha256s) await this.redis.set(keyOf(hash), ended, 'EX', endedSeconds);
    });
  }

  async #try<T>(command: () => Promise<T>): Promise<T | undefined> {
    try {
      return await command();
    } catch (err) {
      this.#logger.warn({ err }, 'the cache of sessions does not answer');
      return undefined;
    }
  }
}

function keyOf(tokenSha256: string): string {
  return `tg:portal:session:${tokenSha256}`;
}
