import { Inject, Module } from '@nestjs/common';
import { newId } from '@tollgate/contracts';
import { defineEndpoint, type EndpointCall } from '@tollgate/contracts/rest';
import { context, trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { InMemorySpanExporter, SimpleSpanProcessor, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { Database } from '@tollgate/persistence';
import { createTestDatabase, type TestDatabase } from '@tollgate/persistence/testing';
import { ApiController, Implements } from '@tollgate/platform';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { EventPublisher } from '../nest/event-publisher.ts';
import { defineOrders, ordersSchema } from './orders-service.ts';
import { transports } from './transports.ts';

const exporter = new InMemorySpanExporter();
const sdk = new NodeSDK({ spanProcessors: [new SimpleSpanProcessor({ exporter })], instrumentations: [] });

const place = defineEndpoint({
  service: 'analytics',
  operationId: 'specPlaceOrder',
  method: 'POST',
  path: '/api/v1/reports/spec-orders',
  kind: 'action',
  tag: 'spec',
  summary: 'Emits one event.',
  access: { kind: 'public' },
  response: z.object({ placed: z.boolean() }),
});

let test: TestDatabase;
beforeAll(async () => {
  sdk.start();
  test = await createTestDatabase(inject('databaseUrl'), [ordersSchema]);
});
afterAll(async () => {
  await test.drop();
  await sdk.shutdown();
});

/** Chain of span names from the span up to the one that has no parent here. */
function ancestry(span: ReadableSpan, spans: readonly ReadableSpan[]): string[] {
  const parent = spans.find((other) => other.spanContext().spanId === span.parentSpanContext?.spanId);
  return [span.name, ...(parent ? ancestry(parent, spans) : [])];
}

describe.each(transports())('a trace through $name', (transport) => {
  it('follows one request from HTTP over outbox and bus to the consumer', async () => {
    const orders = defineOrders();
    const tenantId = newId('tnt');
    const bus = transport.connect();
    await bus.ensureTopics(orders.topics);

    @ApiController()
    class PlaceController {
      constructor(@Inject(Database) private readonly database: Database) {}

      @Implements(place)
      async place(_call: EndpointCall<typeof place>) {
        const event = orders.placed.create({ subject: 'o1', tenantId, data: { number: 1 } });
        await this.database.inTenant(tenantId, (unit) => unit.emit(event));
        return { placed: true };
      }
    }
    @Module({ controllers: [PlaceController] })
    class PlaceModule {}

    const where = { transport, redisUrl: inject('redisUrl'), databaseUrl: test.urlOf(ordersSchema) };
    const service = await orders.boot(where, PlaceModule);
    try {
      const traceId = '0af7651916cd43dd8448eb211c80319c';
      const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
      const answer = await fetch(`${service.url}${place.path}`, { method: 'POST', headers });
      expect(answer.status).toBe(200);

      const name = `process ${orders.placed.type}`;
      const spans = (): ReadableSpan[] => exporter.getFinishedSpans();
      await eventually(() => expect(spans().map((span) => span.name)).toContain(name), { withinMs: 15_000 });
      const consumed = spans().find((span) => span.name === name);
      expect(consumed?.spanContext().traceId).toBe(traceId);
      expect(consumed && ancestry(consumed, spans())).toEqual([
        name,
        `publish ${orders.placed.type}`,
        `POST ${place.path}`,
      ]);
      const [effect] = await test.query<{ trace_id: string }>(
        'select trace_id from analytics.effects where tenant_id = $1',
        [tenantId],
      );
      expect(effect?.trace_id).toBe(traceId);
    } finally {
      await service.close();
      await bus.close();
    }
  });

  it('links a batch to the requests that caused its events', async () => {
    const orders = defineOrders();
    const tenantId = newId('tnt');
    const bus = transport.connect();
    await bus.ensureTopics(orders.topics);
    const where = { transport, redisUrl: inject('redisUrl'), databaseUrl: test.urlOf(ordersSchema) };
    const service = await orders.boot(where);
    try {
      const publisher = service.app.get(EventPublisher);
      const requests = ['first request', 'second request'].map((name) => trace.getTracer('spec').startSpan(name));
      for (const [number, request] of requests.entries()) {
        const event = orders.counted.create({ subject: 'o1', tenantId, data: { number } });
        await context.with(trace.setSpan(context.active(), request), () => publisher.publish([event]));
        request.end();
      }
      const traceIds = requests.map((request) => request.spanContext().traceId);
      await eventually(
        () => {
          const batches = exporter.getFinishedSpans().filter(({ name }) => name === 'process batch');
          const linked = batches.flatMap(({ links }) => links.map((link) => link.context.traceId));
          expect(linked).toEqual(expect.arrayContaining(traceIds));
        },
        { withinMs: 15_000 },
      );
    } finally {
      await service.close();
      await bus.close();
    }
  });
});
