import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { LOGGER, REDIS } from '@tollgate/platform';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { credentialHash, TokenExchange } from './token-exchange.ts';

const channel = 'tg:edge:forgotten';

/**
 * Has every process of this service ask iam again about a credential that logged out or acts elsewhere now. Only its hash is told. After a
 * gap in what Redis tells, everything remembered is forgotten.
 */
@Injectable()
export class ForgottenCredentials implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #subscriber: Redis;

  constructor(
    @Inject(TokenExchange) private readonly exchange: TokenExchange,
    @Inject(REDIS) private readonly redis: Redis,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.#subscriber = redis.duplicate({ enableReadyCheck: false, autoResubscribe: false, lazyConnect: true });
    this.#subscriber.on('error', (err) => logger.warn({ err }, 'connection for forgotten credentials failed'));
    this.#subscriber.on('message', (_channel: string, hash: string) => exchange.forget(hash));
    this.#subscriber.on('ready', () => void this.#listen());
  }

  onApplicationBootstrap(): void {
    this.#subscriber.connect().catch(() => undefined);
  }

  onApplicationShutdown(): void {
    this.#subscriber.disconnect();
  }

  /** Resolves when it is forgotten here and the others have been told, or cannot be: they remember it for a minute at most. */
  async tell(credential: string): Promise<void> {
    const hash = credentialHash(credential);
    this.exchange.forget(hash);
    try {
      await this.redis.publish(channel, hash);
    } catch (err) {
      this.logger.warn({ err }, 'other processes remember a credential for the rest of its minute');
    }
  }

  async #listen(): Promise<void> {
    try {
      await this.#subscriber.subscribe(channel);
    } catch (err) {
      this.logger.warn({ err }, 'not told of forgotten credentials');
    }
    this.exchange.forgetAll();
  }
}
