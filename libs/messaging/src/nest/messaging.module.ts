import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Global,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { trace } from '@opentelemetry/api';
import type { OwningService } from '@tollgate/contracts';
import { Database } from '@tollgate/persistence';
import { LOGGER, MESSAGE_STRATEGY, METRICS, READINESS, type Readiness } from '@tollgate/platform';
import pLimit from 'p-limit';
import type { Registry } from 'prom-client';
import type { BusLogger } from '../bus/bus-logger.ts';
import { createEventBus, type BusAddress } from '../bus/create-event-bus.ts';
import type { EventBus } from '../bus/event-bus.ts';
import { consumerGroups } from '../consume/consumer-groups.ts';
import { defaultRetries, type RetryPolicy } from '../consume/retries.ts';
import { DeadLetters } from '../dead-letters/dead-letters.ts';
import { MessagingMetrics } from '../metrics/messaging-metrics.ts';
import { OutboxRelay } from '../relay/outbox-relay.ts';
import { EventBusServer } from './event-bus-server.ts';
import { EventPublisher } from './event-publisher.ts';
import { HandlerExplorer } from './handler-explorer.ts';

/** Injection token of the service's {@link EventBus}. */
export const EVENT_BUS = Symbol('tollgate.event-bus');

/** Units of work that a service's consumers hold at once; the rest of its database connections serve requests. */
const concurrentUnits = 4;

/** Options of {@link MessagingModule.forService}. */
export interface MessagingOptions extends BusAddress {
  readonly service: OwningService;
  /** How often a handler is tried before an event becomes a dead letter. */
  readonly retries?: RetryPolicy;
}

/**
 * Gives a service its event bus: runs the methods marked with `@OnEvent` and `@OnBatch`, publishes its outbox, and makes readiness
 * depend on both. Needs `PlatformModule` and `PersistenceModule`; boot connects the strategy it provides.
 */
@Global()
@Module({})
export class MessagingModule implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    @Inject(EVENT_BUS) private readonly bus: EventBus,
    @Inject(OutboxRelay) private readonly relay: OutboxRelay,
    @Inject(MESSAGE_STRATEGY) server: EventBusServer,
    @Inject(READINESS) readiness: Readiness,
  ) {
    readiness.register('event-bus', () => bus.check());
    readiness.register('event-consumers', () => server.check());
    readiness.register('outbox-relay', () => relay.check());
  }

  /** The module of a service: `MessagingModule.forService({ service: 'iam', ...busAddress(config) })`. */
  static forService(options: MessagingOptions): DynamicModule {
    return {
      module: MessagingModule,
      imports: [DiscoveryModule],
      providers: providersOf(options),
      exports: [EVENT_BUS, EventPublisher, MESSAGE_STRATEGY],
    };
  }

  onApplicationBootstrap(): void {
    this.relay.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.relay.stop();
  }

  /** After the strategy has stopped consuming, before the database closes. */
  async onApplicationShutdown(): Promise<void> {
    await this.bus.close();
  }
}

function providersOf(options: MessagingOptions): Provider[] {
  const { service, retries = defaultRetries } = options;
  const unitSlots = pLimit(concurrentUnits);
  const tracer = trace.getTracer(`tollgate.${service}`);
  return [
    HandlerExplorer,
    {
      provide: EVENT_BUS,
      inject: [LOGGER],
      useFactory: (logger: BusLogger) => createEventBus(options, `tollgate-${service}`, logger),
    },
    {
      provide: EventPublisher,
      inject: [EVENT_BUS],
      useFactory: (bus: EventBus) => new EventPublisher(bus, tracer),
    },
    {
      provide: MessagingMetrics,
      inject: [METRICS],
      useFactory: (registry: Registry) => new MessagingMetrics(registry),
    },
    {
      provide: OutboxRelay,
      inject: [Database, EVENT_BUS, MessagingMetrics, LOGGER],
      useFactory: (database: Database, bus: EventBus, metrics: MessagingMetrics, logger: BusLogger) =>
        new OutboxRelay({ database, bus, metrics, tracer, logger }),
    },
    {
      provide: MESSAGE_STRATEGY,
      inject: [EVENT_BUS, Database, HandlerExplorer, MessagingMetrics, LOGGER],
      useFactory: (
        bus: EventBus,
        database: Database,
        explorer: HandlerExplorer,
        metrics: MessagingMetrics,
        logger: BusLogger,
      ) =>
        new EventBusServer(bus, logger, () =>
          consumerGroups({
            service,
            database,
            ...explorer.find(),
            contextOf: (group) => ({
              group,
              deadLetters: new DeadLetters(bus, group),
              retries,
              unitSlots,
              metrics,
              tracer,
              logger,
            }),
          }),
        ),
    },
  ];
}
