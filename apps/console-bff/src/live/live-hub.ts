import { commonErrors } from '@tollgate/contracts/errors';
import { type LiveChange, liveChange, liveChannel } from '@tollgate/contracts/rest/console';
import { ApiError } from '@tollgate/platform';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { z } from 'zod';
import { PendingChanges } from './pending-changes.ts';

/** Somebody who hears what changes in a tenant. */
export interface LiveListener {
  changed(changes: readonly LiveChange[]): void;
  /** Something may have been missed. */
  resync(): void;
}

/** How many may listen. */
export interface LiveLimits {
  readonly perTenant: number;
  readonly perProcess: number;
}

/** What {@link LiveHub} works with. */
export interface LiveHubOptions {
  /** Duplicated: a connection that listens can do nothing else. */
  readonly redis: Redis;
  readonly limits: LiveLimits;
  readonly logger: Logger;
}

interface Audience {
  readonly listeners: Set<LiveListener>;
  readonly pending: PendingChanges;
  readonly subscribed: Promise<unknown>;
}

const announcement = z.array(liveChange);
const retryAfterSeconds = '5';
const patienceMs = 2000;

async function withinPatience(work: Promise<unknown>): Promise<void> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`redis did not answer within ${patienceMs} ms`)), patienceMs);
  try {
    await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** Hands what is announced on the tenants' channels to those of each tenant who listen in this process. */
export class LiveHub {
  readonly #options: LiveHubOptions;
  readonly #subscriber: Redis;
  readonly #audiences = new Map<string, Audience>();
  #listening = 0;
  #wasReady = false;

  constructor(options: LiveHubOptions) {
    this.#options = options;
    this.#subscriber = options.redis.duplicate({ enableReadyCheck: false, autoResubscribe: false });
    this.#subscriber.on('error', (err) => options.logger.warn({ err }, 'connection for live events failed'));
    this.#subscriber.on('message', (channel: string, text: string) => this.#receive(channel, text));
    this.#subscriber.on('ready', () => void this.#resume());
  }

  /** How many listen in this process. */
  get size(): number {
    return this.#listening;
  }

  /**
   * Lets somebody hear a tenant's changes from when this resolves.
   * @returns how to stop.
   * @throws ApiError `request.rate_limited` when too many of the tenant listen, `internal.unavailable` when too many do or Redis is away.
   */
  async join(tenantId: string, listener: LiveListener): Promise<() => void> {
    const { perTenant, perProcess } = this.#options.limits;
    const headers = { 'retry-after': retryAfterSeconds };
    if (this.#listening >= perProcess) throw new ApiError(commonErrors.unavailable, { headers });
    const channel = liveChannel(tenantId);
    const audience = this.#audiences.get(channel) ?? this.#gather(channel);
    if (audience.listeners.size >= perTenant) throw new ApiError(commonErrors.rateLimited, { headers });
    audience.listeners.add(listener);
    this.#listening += 1;
    const leave = (): void => this.#leave(channel, audience, listener);
    try {
      await withinPatience(audience.subscribed);
    } catch (cause) {
      leave();
      throw new ApiError(commonErrors.unavailable, { headers, cause });
    }
    return leave;
  }

  close(): void {
    for (const { pending } of this.#audiences.values()) pending.discard();
    this.#subscriber.disconnect();
  }

  #gather(channel: string): Audience {
    const listeners = new Set<LiveListener>();
    const pending = new PendingChanges((changes) => listeners.forEach((listener) => listener.changed(changes)));
    const audience = { listeners, pending, subscribed: this.#subscriber.subscribe(channel) };
    this.#audiences.set(channel, audience);
    return audience;
  }

  #leave(channel: string, audience: Audience, listener: LiveListener): void {
    if (!audience.listeners.delete(listener)) return;
    this.#listening -= 1;
    if (audience.listeners.size > 0 || this.#audiences.get(channel) !== audience) return;
    this.#audiences.delete(channel);
    audience.pending.discard();
    // While Redis is away there is nothing to take back: only the channels that somebody listens to are asked for again.
    this.#subscriber.unsubscribe(channel).catch(() => undefined);
  }

  #receive(channel: string, text: string): void {
    const audience = this.#audiences.get(channel);
    if (audience === undefined) return;
    const parsed = announcement.safeParse(JSON.parse(text));
    if (parsed.success) audience.pending.add(parsed.data);
    else this.#options.logger.warn({ issues: parsed.error.issues }, 'announcement is not understood');
  }

  /** Redis forgets what it is told while nobody listens: after a gap all read again. */
  async #resume(): Promise<void> {
    const isFirst = !this.#wasReady;
    this.#wasReady = true;
    if (isFirst || this.#audiences.size === 0) return;
    try {
      await this.#subscriber.subscribe(...this.#audiences.keys());
    } catch (err) {
      this.#options.logger.warn({ err }, 'live channels not asked for again');
      return;
    }
    for (const { listeners } of this.#audiences.values()) listeners.forEach((listener) => listener.resync());
  }
}
