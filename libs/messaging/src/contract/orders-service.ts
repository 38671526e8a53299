import { randomUUID } from 'node:crypto';
import { Injectable, Module, type DynamicModule, type Type } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { defineEvent } from '@tollgate/contracts/events';
import {
  defineServiceSchema,
  PersistenceModule,
  systemAccess,
  tenantTable,
  type UnitOfWork,
} from '@tollgate/persistence';
import { bootService, loadConfig, platformConfig, type RunningService } from '@tollgate/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { z } from 'zod';
import { consumerGroup, eventTopic } from '../bus/topics.ts';
import { OnBatch } from '../consume/on-batch.ts';
import { OnEvent } from '../consume/on-event.ts';
import type { ReceivedEvent } from '../consume/received-event.ts';
import { busAddress } from '../nest/bus-address.ts';
import { MessagingModule } from '../nest/messaging.module.ts';
import type { Transport } from './transports.ts';

class EffectsTable1760000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table analytics.effects (
        id bigint generated always as identity primary key,
        tenant_id text,
        order_key text not null,
        number integer not null,
        trace_id text
      );
      ${tenantTable('analytics.effects')}
      ${systemAccess('analytics.effects')}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table analytics.effects');
  }
}

/** Schema of the suite's service: what its handlers did, in order. */
export const ordersSchema = defineServiceSchema({
  service: 'analytics',
  entities: [],
  migrations: [EffectsTable1760000000002],
  systemPurposes: { 'take-orders': 'orders of the platform belong to no tenant' },
  systemTables: { effects: 'written for orders without a tenant' },
});

const orderData = z.object({ number: z.number().int() });
type Order = ReceivedEvent<z.infer<typeof orderData>>;

/** A test's own events, consumer and handlers; `onOrder` is called before each effect and may throw. */
export function defineOrders() {
  const id = randomUUID();
  const topic = `contract.${id}`;
  const consumer = `orders-${id}`;
  const placed = defineEvent({ type: `orders.${id}.placed.v1`, topic, description: 'of a tenant', data: orderData });
  const shipped = defineEvent({ type: `orders.${id}.shipped.v1`, topic, description: 'of nobody', data: orderData });
  const counted = defineEvent({
    type: `orders.${id}.counted.v1`,
    topic: `${topic}.counted`,
    description: 'comes in great numbers',
    data: orderData,
  });
  const hooks = { onOrder: async (_order: Order): Promise<void> => undefined, batches: [] as number[][] };

  @Injectable()
  class OrderHandlers {
    @OnEvent(placed, { consumer })
    async onPlaced(order: Order, unit: UnitOfWork): Promise<void> {
      await store(order, unit);
      await hooks.onOrder(order);
    }

    @OnEvent(shipped, { consumer, systemPurpose: 'take-orders' })
    async onShipped(order: Order, unit: UnitOfWork): Promise<void> {
      await store(order, unit);
    }

    @OnBatch(counted, { consumer: `${consumer}-counted`, maxBatch: 10, maxWaitMs: 50 })
    async onCounted(orders: readonly Order[]): Promise<void> {
      for (const order of orders) await hooks.onOrder(order);
      hooks.batches.push(orders.map(({ data }) => data.number));
    }
  }

  @Module({ providers: [OrderHandlers] })
  class OrdersModule {}

  return {
    placed,
    shipped,
    counted,
    hooks,
    topics: [eventTopic(topic), eventTopic(`${topic}.counted`)],
    group: consumerGroup('analytics', consumer),
    batchGroup: consumerGroup('analytics', `${consumer}-counted`),
    /** Boots the service; `others` are modules of the test's own. */
    boot: (where: BootPlace, ...others: Type[]): Promise<RunningService> =>
      bootOrders(where, [OrdersModule, ...others]),
  };
}

async function store({ data, envelope, tenantId }: Order, unit: UnitOfWork): Promise<void> {
  await unit.manager.query('insert into effects (tenant_id, order_key, number, trace_id) values ($1, $2, $3, $4)', [
    tenantId,
    envelope.subject,
    data.number,
    trace.getActiveSpan()?.spanContext().traceId ?? null,
  ]);
}

/** The servers that a service is to use. */
export interface BootPlace {
  readonly transport: Transport;
  readonly redisUrl: string;
  readonly databaseUrl: string;
}

async function bootOrders({ transport, redisUrl, databaseUrl }: BootPlace, modules: Type[]): Promise<RunningService> {
  const config = loadConfig(platformConfig, {
    PORT: '0',
    LOG_LEVEL: 'silent',
    TOLLGATE_MASTER_KEY: 'x'.repeat(32),
    REDIS_URL: redisUrl,
    ...(transport.name === 'kafka' ? { KAFKA_BROKERS: transport.address } : {}),
  });
  const root: DynamicModule = {
    module: class OrdersRoot {},
    imports: [
      PersistenceModule.forService(ordersSchema, { databaseUrl, poolSize: 8 }),
      MessagingModule.forService({
        service: 'analytics',
        ...busAddress(config),
        retries: { attempts: 3, firstMs: 5, longestMs: 10 },
      }),
      ...modules,
    ],
  };
  return bootService({ service: 'analytics', loadConfig: () => config, module: () => root }, config);
}
