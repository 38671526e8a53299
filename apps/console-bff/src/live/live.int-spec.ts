import { revocationKey } from '@tollgate/auth';
import { newId } from '@tollgate/contracts';
import type { Permission } from '@tollgate/contracts/auth';
import {
  auditEntryRecorded,
  dataPlaneStatusChanged,
  revisionPublished,
  subscriptionRequested,
  type TopicEvent,
} from '@tollgate/contracts/events';
import { liveChannel } from '@tollgate/contracts/rest/console';
import { catalogueTopics, createEventBus, type EventBus, toRecord } from '@tollgate/messaging/bus';
import { createLogger } from '@tollgate/platform';
import { eventually, redisDatabase } from '@tollgate/testing';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Listening, listen } from '../testing/listen.ts';
import { startConsole } from '../testing/start-console.ts';
import { startTestIam, type TestIam } from '../testing/test-iam.ts';
import { LIVE_TIMES, type LiveTimes } from './live-times.ts';

let iam: TestIam;
let bus: EventBus;
let redis: Redis;
/** Two processes: whichever takes an event off the bus, the listeners of both hear of it. */
let edges: Awaited<ReturnType<typeof startConsole>>[];
let streams: Listening[] = [];

const redisUrl = () => redisDatabase(inject('redisUrl'), 2);
const start = (more: Record<string, string> = {}) =>
  startConsole({ IAM_URL: iam.url, REDIS_URL: redisUrl(), LIVE_STREAMS_PER_TENANT: '3', ...more });
const times = (edge: (typeof edges)[number]): { -readonly [key in keyof LiveTimes]: LiveTimes[key] } =>
  edge.app.get(LIVE_TIMES, { strict: false });

beforeAll(async () => {
  redis = new Redis(redisUrl());
  bus = createEventBus({ redisUrl: redisUrl() }, 'live-suite', createLogger('console-bff', 'silent'));
  await bus.ensureTopics(catalogueTopics());
  iam = await startTestIam();
  edges = [await start(), await start()];
});
afterEach(() => {
  streams.forEach((stream) => stream.stop());
  streams = [];
});
afterAll(async () => {
  await Promise.all(edges.map((edge) => edge.close()));
  await iam.close();
  await bus.close();
  redis.disconnect();
});

async function hear(tenantId: string, options: { at?: number; permissions?: readonly Permission[] } = {}) {
  const { token } = iam.session(tenantId, options.permissions);
  const stream = await listen(edges[options.at ?? 0]?.publicUrl ?? '', { authorization: `Bearer ${token}` });
  streams.push(stream);
  return { ...stream, token };
}

const publish = (...events: TopicEvent[]): Promise<void> => bus.publish(events.map((event) => toRecord(event)));
const offline = (tenantId: string, dataPlaneId = newId('dp'), poolId = newId('pool')): TopicEvent =>
  dataPlaneStatusChanged.create({
    subject: dataPlaneId,
    tenantId,
    data: { dataPlaneId, poolId, from: 'online', to: 'offline' },
  });
const audited = (tenantId: string, action: string, id: string): TopicEvent =>
  auditEntryRecorded.create({
    subject: tenantId,
    tenantId,
    data: {
      action,
      actor: { kind: 'user', id: 'usr_x' },
      object: { kind: action.split('.')[0] ?? '', id },
      details: {},
    },
  });

describe('who listens', () => {
  it('hears within two seconds at every process what changed, and only what, not how', async () => {
    const tenantId = newId('tnt');
    const [here, there] = [await hear(tenantId), await hear(tenantId, { at: 1 })];
    expect(here.status).toBe(200);
    expect(here.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(here.headers.get('cache-control')).toBe('no-store, no-transform');
    const [dataPlaneId, poolId, groupId] = [newId('dp'), newId('pool'), newId('grp')];
    const data = { groupId, revision: 7, hash: 'h', cause: 'publish' as const, changed: 2 };
    await publish(
      offline(tenantId, dataPlaneId, poolId),
      revisionPublished.create({ subject: groupId, tenantId, data }),
    );
    const heard = [
      { topic: 'gateway.data-plane', id: dataPlaneId, poolId },
      { topic: 'gateway.revision', id: '7', groupId },
      { topic: 'gateway.config', groupId },
    ];
    for (const stream of [here, there])
      await eventually(() => expect(stream.changes()).toEqual(expect.arrayContaining(heard)), { withinMs: 2000 });
    expect(here.text()).toMatch(/^retry: 2000\n/);
    expect(here.text()).not.toContain('offline');
  });

  it('hears nothing of another tenant', async () => {
    const [mine, theirs] = [newId('tnt'), newId('tnt')];
    const [me, they] = [await hear(mine), await hear(theirs)];
    await publish(offline(theirs), audited(theirs, 'member.update', 'usr_1'), offline(mine));
    await eventually(() => expect(they.changes()).toHaveLength(3), { withinMs: 2000 });
    await eventually(() => expect(me.changes()).toHaveLength(1), { withinMs: 2000 });
    expect(me.text()).not.toContain('members');
  });

  it('hears only of what they may read', async () => {
    const tenantId = newId('tnt');
    const viewer = await hear(tenantId, { permissions: ['portal.read'] });
    await publish(offline(tenantId), audited(tenantId, 'developer.approve', 'dev_1'));
    const heard = [
      { topic: 'portal.developer', id: 'dev_1' },
      { topic: 'portal.approval', id: 'dev_1' },
    ];
    await eventually(() => expect(viewer.changes()).toEqual(expect.arrayContaining(heard)), { withinMs: 2000 });
    expect(viewer.changes()).toHaveLength(2);
  });

  it('hears of a request that waits for approval', async () => {
    const tenantId = newId('tnt');
    const stream = await hear(tenantId);
    const subject = newId('sub');
    const event = subscriptionRequested.create({
      subject,
      tenantId,
      data: {
        subscriptionId: subject,
        applicationId: newId('app'),
        applicationName: 'Shop',
        developerId: newId('dev'),
        productId: newId('prd'),
        planVersionId: newId('plv'),
        groupIds: [],
      },
    });
    await publish(event);
    await eventually(() => expect(stream.changes()).toContainEqual({ topic: 'portal.approval', id: subject }), {
      withinMs: 2000,
    });
  });

  it('hears a storm of changes as few: each once, then topics alone', async () => {
    const tenantId = newId('tnt');
    const stream = await hear(tenantId);
    const storm = Array.from({ length: 500 }, (_, index) => ({ topic: 'gateway.data-plane', id: `dp_${index}` }));
    await redis.publish(liveChannel(tenantId), JSON.stringify(storm));
    await eventually(() => expect(stream.changes()).not.toEqual([]), { withinMs: 2000 });
    expect(stream.changes()).toContainEqual({ topic: 'gateway.data-plane' });
    expect(stream.changes().length).toBeLessThanOrEqual(201);
  });

  it('is told to read all again when Redis was away for a moment', async () => {
    const tenantId = newId('tnt');
    const stream = await hear(tenantId);
    const clients = (await redis.client('LIST')) as string;
    for (const line of clients.split('\n').filter((each) => each.includes('name=tollgate-console-bff')))
      await redis.client('KILL', 'ID', /id=(\d+)/.exec(line)?.[1] ?? '');
    await eventually(() => expect(stream.text()).toContain('event: resync\ndata: {}\n\n'), { withinMs: 5000 });
    await publish(offline(tenantId));
    await eventually(() => expect(stream.changes()).toHaveLength(1), { withinMs: 5000 });
  });
});

describe('a stream', () => {
  it('is for who is signed in, and acts in a tenant', async () => {
    const url = edges[0]?.publicUrl ?? '';
    expect((await fetch(`${url}/api/v1/live`)).status).toBe(401);
    expect((await fetch(`${url}/api/v1/live`, { headers: { authorization: 'Bearer nobody' } })).status).toBe(401);
    expect((await fetch(`${url}/api/v1/live`, { method: 'POST' })).status).toBe(404);
  });

  it('takes a browser’s cookie', async () => {
    const url = edges[0]?.publicUrl ?? '';
    const body = JSON.stringify({ email: 'a@b.test', password: 'right', tenantId: newId('tnt') });
    const headers = { 'x-tollgate-browser': '1', 'content-type': 'application/json' };
    const entered = await fetch(`${url}/api/v1/auth/login`, { method: 'POST', headers, body });
    const stream = await listen(url, { cookie: entered.headers.get('set-cookie')?.split(';')[0] ?? '' });
    streams.push(stream);
    expect(stream.status).toBe(200);
  });

  it('is refused to a tenant that has too many, and is free again when one ends', async () => {
    const tenantId = newId('tnt');
    const open = [await hear(tenantId), await hear(tenantId), await hear(tenantId)];
    const refused = await hear(tenantId);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect((await hear(newId('tnt'))).status).toBe(200);
    open[0]?.stop();
    await eventually(async () => expect((await hear(tenantId)).status).toBe(200), { withinMs: 2000 });
  });

  it('is refused by a process that has too many', async () => {
    edges.push(await start({ LIVE_STREAMS_PER_PROCESS: '1' }));
    const at = edges.length - 1;
    expect((await hear(newId('tnt'), { at })).status).toBe(200);
    expect((await hear(newId('tnt'), { at })).status).toBe(503);
  });

  it('is kept alive, and ends within a ping of its session’s revocation', async () => {
    times(edges[1]!).pingMs = 50;
    const tenantId = newId('tnt');
    const stream = await hear(tenantId, { at: 1 });
    const other = await hear(tenantId, { at: 1 });
    await eventually(() => expect(stream.text()).toContain(': ping\n\n: ping\n\n'), { withinMs: 2000 });
    await redis.set(revocationKey(iam.credentialOf(stream.token)), '1', 'PX', 60_000);
    await stream.ended;
    await publish(offline(tenantId));
    await eventually(() => expect(other.changes()).toHaveLength(1), { withinMs: 2000 });
    expect(stream.changes()).toEqual([]);
  });

  it('ends after its time', async () => {
    const edge = await start();
    edges.push(edge);
    times(edge).longestMs = 100;
    const stream = await hear(newId('tnt'), { at: edges.length - 1 });
    await stream.ended;
    expect(stream.text()).toContain(': listening');
  });

  it('ends when the service stops, and does not hold it up', async () => {
    const edge = await start();
    const { token } = iam.session(newId('tnt'));
    const stream = await listen(edge.publicUrl, { authorization: `Bearer ${token}` });
    await edge.close();
    await stream.ended;
  });

  it('leaves nothing behind at Redis when its process is gone', async () => {
    const edge = await start();
    const tenantId = newId('tnt');
    const { token } = iam.session(tenantId);
    const stream = await listen(edge.publicUrl, { authorization: `Bearer ${token}` });
    expect(await redis.pubsub('CHANNELS', liveChannel(tenantId))).toEqual([liveChannel(tenantId)]);
    await edge.close();
    await stream.ended;
    await eventually(async () => expect(await redis.pubsub('CHANNELS', liveChannel(tenantId))).toEqual([]), {
      withinMs: 2000,
    });
    const groups = (await redis.keys('tg:bus:members:console-bff.*')).map((key) => key.split(':')[3]);
    expect(new Set(groups)).toEqual(new Set(['console-bff.live']));
  });
});
