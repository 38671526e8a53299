import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { LOGGER, PLATFORM_CONFIG } from '@tollgate/platform';
import type { Logger } from 'pino';
import type { GatewayManagerConfig } from '../config.ts';
import { FleetConsumer } from './fleet-consumer.ts';
import { FleetRepository, type StatusChange } from './fleet.repository.ts';
import { statusOf } from './status-of.ts';

/** Looks several times per heartbeat interval who has gone silent, come back or fallen behind. */
const looksPerInterval = 5;
/** When a whole fleet goes silent its changes are written in several transactions. */
const changesPerUnit = 200;

/** Judges the fleet. Every instance of this service may do it: a change takes effect once. */
@Injectable()
export class FleetWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #intervalMs: number;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(
    @Inject(FleetConsumer) private readonly consumer: FleetConsumer,
    @Inject(FleetRepository) private readonly repository: FleetRepository,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(PLATFORM_CONFIG) config: Pick<GatewayManagerConfig, 'LINK_HEARTBEAT_INTERVAL_MS'>,
  ) {
    this.#intervalMs = config.LINK_HEARTBEAT_INTERVAL_MS;
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    }, this.#intervalMs / looksPerInterval).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { hearingSince } = this.consumer;
    if (hearingSince === null) return;
    try {
      const judgement = { now: Date.now(), intervalMs: this.#intervalMs, hearingSince };
      const candidates = await this.repository.candidates(this.#intervalMs);
      const changes = candidates.flatMap((instance): StatusChange[] => {
        const lastSeenAt = instance.lastSeenAt?.getTime() ?? null;
        const behindSince = instance.behindSince?.getTime() ?? null;
        const to = statusOf({ lastSeenAt, behindSince }, judgement);
        return to === instance.status ? [] : [{ instance, to }];
      });
      for (let start = 0; start < changes.length; start += changesPerUnit) {
        await this.repository.change(changes.slice(start, start + changesPerUnit));
      }
    } catch (err) {
      this.logger.warn({ err }, 'the fleet could not be judged; trying again');
    }
  }
}
