import { newId } from '@tollgate/contracts';
import type { TopicEvent } from '@tollgate/contracts/events';
import { Database } from '@tollgate/persistence';
import { createTestDatabase, type TestDatabase } from '@tollgate/persistence/testing';
import type { RunningService } from '@tollgate/platform';
import { eventually } from '@tollgate/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { EventBus } from '../bus/event-bus.ts';
import { toRecord } from '../bus/event-codec.ts';
import { readDeadLetters, type DeadLetter } from '../dead-letters/dead-letters.ts';
import { replayDeadLetters } from '../dead-letters/replay.ts';
import { defineOrders, ordersSchema } from './orders-service.ts';
import { transports } from './transports.ts';

interface Effect {
  order_key: string;
  number: number;
  tenant_id: string | null;
}

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase(inject('databaseUrl'), [ordersSchema]);
});
afterAll(() => test.drop());

const effectsOf = (tenantId: string): Promise<Effect[]> =>
  test.query<Effect>('select * from analytics.effects where tenant_id = $1 order by id', [tenantId]);
const numbersOf = async (tenantId: string): Promise<number[]> =>
  (await effectsOf(tenantId)).map(({ number }) => number);

describe.each(transports())('events on $name', (transport) => {
  let orders: ReturnType<typeof defineOrders>;
  let bus: EventBus;
  let tenantId: string;
  const services: RunningService[] = [];

  const boot = async (): Promise<RunningService> => {
    const service = await orders.boot({
      transport,
      redisUrl: inject('redisUrl'),
      databaseUrl: test.urlOf(ordersSchema),
    });
    services.push(service);
    return service;
  };
  const order = (number: number, subject = 'o1'): TopicEvent =>
    orders.placed.create({ subject, tenantId, data: { number } });
  const publish = (...events: TopicEvent[]): Promise<void> => bus.publish(events.map((event) => toRecord(event)));
  const deadLetters = (): Promise<DeadLetter[]> => Array.fromAsync(readDeadLetters(bus, orders.group));
  const emit = async (service: RunningService, ...events: TopicEvent[]): Promise<void> => {
    await service.app.get(Database).inTenant(tenantId, async (unit) => {
      for (const event of events) await unit.emit(event);
    });
  };

  beforeEach(async () => {
    orders = defineOrders();
    tenantId = newId('tnt');
    bus = transport.connect();
    await bus.ensureTopics(orders.topics);
  });
  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.close()));
    await bus.close();
  });

  it('are published when the unit that emitted them commits, and only then', async () => {
    const service = await boot();
    const database = service.app.get(Database);
    const rolledBack = database.inTenant(tenantId, async (unit) => {
      await unit.emit(order(0));
      throw new Error('changed my mind');
    });
    await expect(rolledBack).rejects.toThrow('changed my mind');
    await emit(service, order(1), order(2), order(3));
    await eventually(async () => expect(await numbersOf(tenantId)).toEqual([1, 2, 3]), { withinMs: 15_000 });
    await eventually(async () => expect(await test.query('select 1 from analytics.outbox')).toEqual([]), {
      withinMs: 5_000,
    });
  });

  it('take effect once however often they are delivered', async () => {
    await boot();
    const [first, second] = [order(1), order(2)];
    await publish(first, first, second, first, second, order(3));
    await eventually(async () => expect(await numbersOf(tenantId)).toContain(3), { withinMs: 15_000 });
    expect(await numbersOf(tenantId)).toEqual([1, 2, 3]);
  });

  it('leave no trace of attempts that failed', async () => {
    let failures = 2;
    orders.hooks.onOrder = async () => {
      if (failures > 0) {
        failures -= 1;
        throw new Error('try again');
      }
    };
    await boot();
    await publish(order(1), order(2));
    await eventually(async () => expect(await numbersOf(tenantId)).toEqual([1, 2]), { withinMs: 15_000 });
    expect(await deadLetters()).toEqual([]);
  });

  it('of nobody are handled in the declared system unit', async () => {
    await boot();
    const subject = newId('res');
    await publish(orders.shipped.create({ subject, data: { number: 7 } }));
    await eventually(
      async () => {
        const rows = await test.query<Effect>('select * from analytics.effects where order_key = $1', [subject]);
        expect(rows).toMatchObject([{ number: 7, tenant_id: null }]);
      },
      { withinMs: 15_000 },
    );
  });

  it('that nobody can read, or that always fail, become dead letters with the reason while later ones proceed', async () => {
    orders.hooks.onOrder = async ({ data }) => {
      if (data.number === 2) throw new Error('number two is cursed');
    };
    await boot();
    const [topic] = orders.topics;
    const raw = (value: string) => ({ topic: topic?.name ?? '', key: 'o1', value, headers: { kept: 'yes' } });
    const wrongData = { ...order(0), envelope: { ...order(0).envelope, data: { number: 'many' } } };
    const ownerless = { ...order(0), envelope: { ...order(0).envelope, tenantid: undefined } };
    await publish(order(1));
    await bus.publish([raw('{'), raw('{"specversion":"1.0"}')]);
    await publish(wrongData, ownerless, order(2), order(3));

    await eventually(async () => expect(await numbersOf(tenantId)).toEqual([1, 3]), { withinMs: 15_000 });
    const letters = await deadLetters();
    expect(letters.map(({ reason }) => reason)).toMatchObject([
      { kind: 'malformed', error: expect.stringContaining('not JSON') as string },
      { kind: 'malformed', error: expect.stringContaining('no envelope') as string },
      { kind: 'malformed', error: expect.stringContaining('data.number') as string },
      { kind: 'malformed', error: expect.stringContaining('no tenant') as string },
      { kind: 'failed', error: 'Error: number two is cursed', attempts: 3 },
    ]);
    expect(letters[0]?.record).toEqual({ topic: topic?.name, key: 'o1', value: '{', headers: { kept: 'yes' } });
  });

  it('are replayed from the dead letters, once, for their own consumer only', async () => {
    let isCursed = true;
    orders.hooks.onOrder = async ({ data }) => {
      if (isCursed && data.number % 2 === 0) throw new Error('even numbers are cursed');
    };
    await boot();
    await publish(order(1), order(2), order(3), order(4));
    await eventually(async () => expect(await deadLetters()).toHaveLength(2), { withinMs: 15_000 });
    isCursed = false;
    const group = orders.group;
    const onlyFour = (letter: DeadLetter): boolean => letter.record.value.includes('"number":4');
    expect(await replayDeadLetters({ bus, group, filter: onlyFour })).toEqual({ replayed: 1, left: 1 });
    await eventually(async () => expect(await numbersOf(tenantId)).toEqual([1, 3, 4]), { withinMs: 15_000 });
    expect(await replayDeadLetters({ bus, group })).toEqual({ replayed: 2, left: 0 });
    await publish(order(5));
    await eventually(async () => expect(await numbersOf(tenantId)).toEqual([1, 3, 4, 2, 5]), { withinMs: 15_000 });
    expect(await deadLetters()).toHaveLength(2);
  });

  it('survive the loss of every database connection', async () => {
    const service = await boot();
    for (let number = 1; number <= 40; number += 1) {
      await eventually(() => emit(service, order(number)), { withinMs: 5_000 });
      if (number % 10 === 0) {
        await test.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
        );
      }
    }
    const all = Array.from({ length: 40 }, (_, index) => index + 1);
    await eventually(async () => expect(await numbersOf(tenantId)).toEqual(all), { withinMs: 25_000 });
    expect(await deadLetters()).toEqual([]);
  });

  it('keep their order and take effect once with several replicas, also when the leading one stops', async () => {
    const [first, second] = [await boot(), await boot()];
    for (let number = 1; number <= 30; number += 1) await emit(second, order(number, 'left'), order(number, 'right'));
    await first.close();
    services.splice(services.indexOf(first), 1);
    for (let number = 31; number <= 60; number += 1) await emit(second, order(number, 'left'), order(number, 'right'));
    const all = Array.from({ length: 60 }, (_, index) => index + 1);
    await eventually(
      async () => {
        const effects = await effectsOf(tenantId);
        for (const key of ['left', 'right']) {
          expect(effects.filter((effect) => effect.order_key === key).map(({ number }) => number)).toEqual(all);
        }
      },
      { withinMs: 25_000 },
    );
  });

  it('of many keys leave database connections for requests', async () => {
    orders = defineOrders();
    await bus.ensureTopics(orders.topics.map((topic) => ({ ...topic, partitions: 12 })));
    const gate = Promise.withResolvers<void>();
    let atOnce = 0;
    let most = 0;
    orders.hooks.onOrder = async () => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await gate.promise;
      atOnce -= 1;
    };
    const service = await boot();
    await publish(...Array.from({ length: 60 }, (_, number) => order(number, `o${number}`)));
    await eventually(() => expect(atOnce).toBeGreaterThanOrEqual(4), { withinMs: 15_000 });
    for (let number = 60; number < 70; number += 1) await emit(service, order(number, `o${number}`));
    gate.resolve();
    await eventually(async () => expect(await numbersOf(tenantId)).toHaveLength(70), { withinMs: 20_000 });
    expect(most).toBe(4);
  });

  it('in great numbers are handled in batches; a bad one alone becomes a dead letter', async () => {
    orders.hooks.onOrder = async ({ data }) => {
      if (data.number === 13) throw new Error('thirteen');
    };
    await boot();
    const events = Array.from({ length: 25 }, (_, number) =>
      orders.counted.create({ subject: 'o1', tenantId, data: { number } }),
    );
    await publish(...events);
    const handled = (): number[] => orders.hooks.batches.flat();
    await eventually(() => expect(handled()).toContain(24), { withinMs: 15_000 });
    expect([...new Set(handled())]).toEqual(
      Array.from({ length: 25 }, (_, number) => number).filter((number) => number !== 13),
    );
    expect(orders.hooks.batches.some((batch) => batch.length === 10)).toBe(true);
    const letters = await Array.fromAsync(readDeadLetters(bus, orders.batchGroup));
    expect(letters.map(({ reason }) => reason.error)).toEqual(['Error: thirteen']);
  });

  it('make their service ready only once it can consume and publish', async () => {
    const service = await boot();
    const checks = ['event-bus', 'event-consumers', 'outbox-relay', 'postgres', 'redis'];
    await eventually(
      async () => {
        const answer = (await (await fetch(`${service.url}/readyz`)).json()) as { status: string; checks: object };
        expect(answer.status).toBe('ready');
        expect(Object.keys(answer.checks).toSorted()).toEqual(checks);
      },
      { withinMs: 15_000 },
    );
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toContain('tollgate_outbox_depth');
    expect(metrics).toContain('tollgate_events_delivered_total');
  });
});
