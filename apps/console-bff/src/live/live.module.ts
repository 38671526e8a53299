import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { busAddress, createEventBus, type EventBus } from '@tollgate/messaging/bus';
import { AUTHENTICATOR, type Authenticator, LOGGER, METRICS, REDIS } from '@tollgate/platform';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';
import type { ConsoleBffConfig } from '../config.ts';
import { TokenExchange } from '../edge/token-exchange.ts';
import { LiveAccess } from './live-access.ts';
import { LiveHub } from './live-hub.ts';
import { LiveRelay } from './live-relay.ts';
import { LIVE_TIMES, liveTimes } from './live-times.ts';

const LIVE_BUS = Symbol('console-bff.live-bus');

/** Live events: from the bus to every process of this service, and from there to who listens. Readiness does not depend on it. */
@Module({})
export class LiveModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(LIVE_BUS) private readonly bus: EventBus,
    @Inject(LiveRelay) private readonly relay: LiveRelay,
    @Inject(LiveHub) private readonly hub: LiveHub,
    @Inject(METRICS) metrics: Registry,
  ) {
    new Gauge({
      name: 'live_streams',
      help: 'Streams of live events that are open in this process.',
      registers: [metrics],
      collect() {
        this.set(hub.size);
      },
    });
  }

  /** @param edge the module that exports the {@link TokenExchange}. */
  static forConfig(config: ConsoleBffConfig, edge: DynamicModule): DynamicModule {
    const limits = { perTenant: config.LIVE_STREAMS_PER_TENANT, perProcess: config.LIVE_STREAMS_PER_PROCESS };
    return {
      module: LiveModule,
      imports: [edge],
      providers: [
        {
          provide: LIVE_BUS,
          inject: [LOGGER],
          useFactory: (logger: Logger) => createEventBus(busAddress(config), 'tollgate-console-bff', logger),
        },
        {
          provide: LiveRelay,
          inject: [LIVE_BUS, REDIS, LOGGER],
          useFactory: (bus: EventBus, redis: Redis, logger: Logger) => new LiveRelay({ bus, redis, logger }),
        },
        {
          provide: LiveHub,
          inject: [REDIS, LOGGER],
          useFactory: (redis: Redis, logger: Logger) => new LiveHub({ redis, limits, logger }),
        },
        {
          provide: LiveAccess,
          inject: [TokenExchange, AUTHENTICATOR],
          useFactory: (exchange: TokenExchange, authenticator: Authenticator) =>
            new LiveAccess(exchange, authenticator),
        },
        { provide: LIVE_TIMES, useValue: { ...liveTimes } },
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.relay.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.hub.close();
    await this.bus.close();
  }
}
