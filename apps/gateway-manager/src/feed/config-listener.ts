import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { LOGGER, PLATFORM_CONFIG, READINESS, type Readiness } from '@tollgate/platform';
import { Client } from 'pg';
import type { Logger } from 'pino';
import { databaseUrlOf, type GatewayManagerConfig } from '../config.ts';
import { configChannel, type ConfigNotice, readNotice } from './config-channel.ts';

/** Pause before the channel is listened to anew after its connection was lost. */
const reconnectMs = 500;

/** What hears the channel. */
export interface ConfigHearer {
  notice(notice: ConfigNotice): void;
  /** Notices may have been missed: the connection is new. */
  reconnected(): void;
}

/** Hears what any instance of this service committed, this one included, on a database connection of its own. */
@Injectable()
export class ConfigListener implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #hearers = new Set<ConfigHearer>();
  #client: Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;
  #isListening = false;

  constructor(
    @Inject(PLATFORM_CONFIG) private readonly config: GatewayManagerConfig,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(READINESS) readiness: Readiness,
  ) {
    readiness.register('config-channel', () => this.check());
  }

  /** Returns the function that ends the subscription. */
  subscribe(hearer: ConfigHearer): () => void {
    this.#hearers.add(hearer);
    return () => this.#hearers.delete(hearer);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.#connect();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    await this.#client?.end().catch((err: unknown) => this.logger.debug({ err }, 'config channel was gone already'));
  }

  /** Rejects while nothing is heard. */
  async check(): Promise<void> {
    if (!this.#isListening) throw new Error('the channel of configuration changes is not heard');
  }

  async #connect(): Promise<void> {
    const client = new Client({
      connectionString: databaseUrlOf(this.config),
      application_name: 'tollgate-config-channel',
      keepAlive: true,
    });
    this.#client = client;
    client.on('error', (err) => this.logger.warn({ err }, 'connection of the config channel failed'));
    client.on('end', () => this.#reconnect(client));
    client.on('notification', ({ payload }) => this.#hear(payload));
    try {
      await client.connect();
      await client.query(`listen ${configChannel}`);
    } catch (err) {
      this.logger.warn({ err }, 'config channel cannot be heard yet');
      return this.#reconnect(client);
    }
    this.#isListening = true;
    for (const hearer of this.#hearers) hearer.reconnected();
  }

  #reconnect(lost: Client): void {
    if (this.#client !== lost || this.#isClosed) return;
    this.#isListening = false;
    this.#client = undefined;
    this.#retry = setTimeout(() => void this.#connect(), reconnectMs);
  }

  #hear(payload: string | undefined): void {
    const notice = readNotice(payload);
    if (notice === null) return;
    for (const hearer of this.#hearers) hearer.notice(notice);
  }
}
