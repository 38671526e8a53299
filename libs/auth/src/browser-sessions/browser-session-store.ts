import { createHash, randomBytes } from 'node:crypto';
import { commonErrors } from '@tollgate/contracts/errors';
import { ApiError, deriveKey, open, seal } from '@tollgate/platform';
import type { Redis } from 'ioredis';

/** A session as the service issued it, to be kept for a browser. */
export interface KeptSession {
  readonly token: string;
  readonly expiresAt: Date;
}

/** What {@link BrowserSessionStore} works with. */
export interface BrowserSessionStoreOptions {
  readonly redis: Redis;
  readonly masterKey: string;
  /** Set where each use of a session moves its end: the time it then has left, milliseconds. */
  readonly idleMs?: number;
}

const idBytes = 32;
const idFormat = /^[A-Za-z0-9_-]{43}$/;
const patienceMs = 2000;
const retryAfterSeconds = '2';

/**
 * Tokens of sessions that browsers have, in Redis. The browser knows a random id; Redis knows its SHA-256 and the token, sealed with a
 * key of the platform's, so a copy of Redis lets nobody in.
 */
export class BrowserSessionStore {
  readonly #redis: Redis;
  readonly #key: Buffer;
  readonly #idleMs: number | undefined;

  constructor({ redis, masterKey, idleMs }: BrowserSessionStoreOptions) {
    this.#redis = redis;
    this.#key = deriveKey(masterKey, 'browser-sessions');
    this.#idleMs = idleMs;
  }

  /**
   * Keeps a session until it ends.
   * @returns the id for the cookie.
   * @throws ApiError `internal.unavailable`
   */
  async keep(realm: string, { token, expiresAt }: KeptSession): Promise<string> {
    const id = randomBytes(idBytes).toString('base64url');
    const key = keyOf(realm, id);
    const ttlMs = Math.max(1, expiresAt.getTime() - Date.now());
    await this.#ask(this.#redis.set(key, seal(this.#key, token, key), 'PX', ttlMs));
    return id;
  }

  /**
   * The token that an id stands for; null when there is none in this realm.
   * @throws ApiError `internal.unavailable`
   */
  async find(realm: string, id: string): Promise<string | null> {
    if (!idFormat.test(id)) return null;
    const key = keyOf(realm, id);
    const sealed = await this.#ask(
      this.#idleMs === undefined ? this.#redis.get(key) : this.#redis.getex(key, 'PX', this.#idleMs),
    );
    return sealed === null ? null : this.#open(sealed, key);
  }

  /** Forgets a session. @throws ApiError `internal.unavailable` */
  async end(realm: string, id: string): Promise<void> {
    if (idFormat.test(id)) await this.#ask(this.#redis.del(keyOf(realm, id)));
  }

  /** What was sealed under another master key is nobody's session any more. */
  #open(sealed: string, key: string): string | null {
    try {
      return open(this.#key, sealed, key).toString();
    } catch {
      return null;
    }
  }

  /** Redis away, or one that does not answer: an outage must not look like the end of a session. */
  async #ask<T>(command: Promise<T>): Promise<T> {
    const { promise: tooLate, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error(`redis did not answer within ${patienceMs} ms`)), patienceMs);
    try {
      return await Promise.race([command, tooLate]);
    } catch (cause) {
      throw new ApiError(commonErrors.unavailable, {
        detail: 'Your session cannot be looked up right now; it goes on.',
        headers: { 'retry-after': retryAfterSeconds },
        cause,
      });
    } finally {
      clearTimeout(timer);
    }
  }
}

const keyOf = (realm: string, id: string): string =>
  `tg:browser:${realm}:${createHash('sha256').update(id).digest('hex')}`;
