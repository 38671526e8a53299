import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { command, tryReport } from '@tollgate/contracts/dataplane';
import { LOGGER, REDIS } from '@tollgate/platform';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { z } from 'zod';

const channel = 'tg:fleet:signals';

const signalSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('revoked'), dataPlaneId: z.string() }),
  z.object({ kind: z.literal('command'), dataPlaneId: z.string(), command }),
  z.object({ kind: z.literal('tried'), dataPlaneId: z.string(), report: tryReport }),
]);

/** Something that whichever instance of this service holds a data plane's stream, or waits for the data plane, must know now. */
export type FleetSignal = z.infer<typeof signalSchema>;

/**
 * Tells all instances of this service. A signal may get lost with Redis, so what must not be lost also stands in a row that is read when
 * the data plane connects or from time to time.
 */
@Injectable()
export class FleetSignals implements OnApplicationShutdown {
  readonly #listeners = new Set<(signal: FleetSignal) => void>();
  readonly #gapListeners = new Set<() => void>();
  #subscriber: Redis | undefined;

  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    const subscriber = this.redis.duplicate();
    this.#subscriber = subscriber;
    subscriber.on('error', (err) => this.logger.warn({ err }, 'connection for fleet signals failed'));
    subscriber.on('message', (_channel: string, text: string) => this.#receive(text));
    await subscriber.subscribe(channel);
    subscriber.on('ready', () => this.#gapListeners.forEach((listener) => listener()));
  }

  onApplicationShutdown(): void {
    this.#subscriber?.disconnect();
  }

  onSignal(listener: (signal: FleetSignal) => void): void {
    this.#listeners.add(listener);
  }

  /** Calls back when signals may have been missed. */
  onGap(listener: () => void): void {
    this.#gapListeners.add(listener);
  }

  async send(signal: FleetSignal): Promise<void> {
    try {
      await this.redis.publish(channel, JSON.stringify(signal));
    } catch (err) {
      this.logger.warn({ err, kind: signal.kind, dataPlaneId: signal.dataPlaneId }, 'fleet signal was not sent');
    }
  }

  #receive(text: string): void {
    const parsed = signalSchema.safeParse(JSON.parse(text));
    if (parsed.success) this.#listeners.forEach((listener) => listener(parsed.data));
    else this.logger.warn({ issues: parsed.error.issues }, 'fleet signal is not understood');
  }
}
