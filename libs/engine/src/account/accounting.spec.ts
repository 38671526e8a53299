import { Agent, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import type { UsageRow } from '@tollgate/contracts/dataplane';
import { eventually } from '@tollgate/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { Lane } from './lane.ts';
import { Ledger } from './ledger.ts';
import { resource, send, sendRaw, startEngine, startUpstream, type TestEngine } from '../testing/index.ts';

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const part of running.splice(0).reverse()) await part.stop();
});

async function start(listener?: RequestListener): Promise<TestEngine> {
  const upstream = await startUpstream(listener);
  running.push(upstream);
  const engine = await startEngine(
    { policies: [] },
    {
      revision: [
        resource('route', 'r1', { uri: '/*', hosts: ['api.test'], upstream: { nodes: { [upstream.address]: 1 } } }),
      ],
      hosts: ['api.test', 'other.test'],
    },
  );
  running.push(engine);
  return engine;
}

/** Drains until so many calls have been counted in all. */
async function countedCalls({ engine }: TestEngine, calls: number): Promise<UsageRow[]> {
  const rows: UsageRow[] = [];
  await eventually(
    () => {
      rows.push(...engine.drainLedger());
      expect(sum(rows, 'calls')).toBe(calls);
    },
    { withinMs: 3000 },
  );
  return rows;
}

function sum(rows: readonly UsageRow[], field: 'calls' | 'billable' | 'bytesOut'): number {
  return rows.reduce((total, row) => total + row[field], 0);
}

describe('every call is counted once', () => {
  it('by route, status and minute, with its latency', async () => {
    const engine = await start();
    await send(engine.port, '/a', { method: 'POST', body: 'four' });
    await send(engine.port, '/a', { host: 'other.test' });
    const rows = await countedCalls(engine, 2);
    expect(rows).toContainEqual(
      expect.objectContaining({
        groupId: 'g1',
        tenantId: 'tenant-of-g1',
        routeId: 'r1',
        status: 200,
        calls: 1,
        billable: 1,
        bytesIn: 4,
      }),
    );
    expect(rows).toContainEqual(
      expect.objectContaining({ routeId: 'none', status: 404, calls: 1, billable: 0, consumer: null }),
    );
    for (const row of rows) {
      expect(row.minute % 60).toBe(0);
      expect(row.latency.reduce((total, [, count]) => total + count, 0)).toBe(row.calls);
      expect(row.latencySumUs).toBeGreaterThan(0);
    }
    expect(engine.engine.drainLedger()).toEqual([]);
  });

  it.each([
    ['that comes in one piece', 0],
    ['that comes in pieces', 20],
  ])('with the bytes of an answer %s', async (_name, pauseMs) => {
    const engine = await start((_request, response) => {
      response.writeHead(200, { 'content-length': 10 });
      response.write('five ');
      setTimeout(() => response.end('bytes'), pauseMs);
    });
    await send(engine.port, '/');
    expect(sum(await countedCalls(engine, 1), 'bytesOut')).toBe(10);
  });

  it('with the bytes of an answer that comes with its head', async () => {
    const engine = await start((_request, response) => response.end('all at once'));
    await send(engine.port, '/');
    expect(sum(await countedCalls(engine, 1), 'bytesOut')).toBe(11);
  });

  it('on kept and pipelined connections', async () => {
    const engine = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 2 });
    await Promise.all(Array.from({ length: 50 }, () => send(engine.port, '/', { agent })));
    agent.destroy();
    const get = 'GET / HTTP/1.1\r\nHost: api.test\r\n\r\n';
    await sendRaw(engine.port, get.repeat(19) + get.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    const rows = await countedCalls(engine, 70);
    expect(sum(rows, 'billable')).toBe(70);
  });

  it('with status 499 when the client leaves before the answer; what it had only queued is no call', async () => {
    let asked = 0;
    const engine = await start(() => asked++);
    const socket = connect(engine.port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: api.test\r\n\r\n'.repeat(3));
    await eventually(() => expect(asked).toBe(1), { withinMs: 3000 });
    socket.destroy();
    const rows = await countedCalls(engine, 1);
    expect(rows).toMatchObject([{ status: 499, calls: 1, billable: 1 }]);
  });

  it('with the status that was sent when the client leaves in the middle of the answer', async () => {
    const engine = await start((_request, response) => response.write('x'));
    const socket = connect(engine.port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: api.test\r\n\r\n');
    await once(socket, 'data');
    socket.destroy();
    expect(await countedCalls(engine, 1)).toMatchObject([{ status: 200, calls: 1, billable: 1 }]);
  });

  it('without being billed when no node could be reached', async () => {
    const engine = await start((request) => request.socket.destroy());
    const gone = await startUpstream();
    await gone.stop();
    engine.apply('revision', [resource('route', 'r1', { uri: '/*', upstream: { nodes: { [gone.address]: 1 } } })]);
    await send(engine.port, '/');
    expect(await countedCalls(engine, 1)).toMatchObject([{ status: 502, billable: 0 }]);
  });

  it('while the configuration is swapped under load, and no call fails', async () => {
    const engine = await start();
    const { address } = await startUpstreamFor(running);
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    let calls = 0;
    let isSwapping = true;
    const rows: UsageRow[] = [];
    const load = Array.from({ length: 8 }, async () => {
      while (isSwapping) {
        const { status } = await send(engine.port, '/', { agent });
        expect(status).toBe(200);
        calls++;
      }
    });
    for (let version = 0; version < 100; version++) {
      const upstream = { nodes: { [address]: 1 }, retries: version };
      engine.apply('revision', [
        resource('route', version % 2 === 0 ? 'r2' : 'r1', { uri: '/*', priority: version, upstream }),
      ]);
      rows.push(...engine.engine.drainLedger());
      await new Promise((resolve) => setImmediate(resolve));
    }
    isSwapping = false;
    await Promise.all(load);
    agent.destroy();
    await eventually(
      () => {
        rows.push(...engine.engine.drainLedger());
        expect(sum(rows, 'calls')).toBe(calls);
      },
      { withinMs: 3000 },
    );
    expect(calls).toBeGreaterThan(8);
  });
});

async function startUpstreamFor(list: { stop(): Promise<void> }[]) {
  const upstream = await startUpstream();
  list.push(upstream);
  return upstream;
}

describe('a ledger', () => {
  it('keeps statuses and minutes apart, whether or not it was drained between them', () => {
    const ledger = new Ledger();
    const lane = new Lane({ groupId: 'g', tenantId: 't', routeId: 'r', consumer: null });
    const count = (status: number, minute: number) =>
      ledger.count(lane, { status, billable: true, latencyUs: 100, bytesIn: 1, bytesOut: 2 }, minute * 60_000);
    const drained = () =>
      ledger.drain().map(({ status, minute, calls, latency }) => {
        expect(latency.reduce((total, [, counted]) => total + counted, 0)).toBe(calls);
        return `${status} in ${minute / 60}: ${calls}`;
      });
    for (const status of [200, 429, 200, 500, 429]) count(status, 1);
    for (const status of [200, 429, 200]) count(status, 2);
    expect(drained().sort()).toEqual(['200 in 1: 2', '200 in 2: 2', '429 in 1: 2', '429 in 2: 1', '500 in 1: 1']);
    for (const status of [500, 200, 200]) count(status, 3);
    expect(drained()).toEqual(['500 in 3: 1', '200 in 3: 2']);
    count(429, 3);
    count(200, 4);
    expect(drained()).toEqual(['429 in 3: 1', '200 in 4: 1']);
    expect([drained(), ledger.total]).toEqual([[], 13]);
  });

  it('that is told to forget hands nothing of it over, keeps the total, and tells of the next call', () => {
    const ledger = new Ledger();
    let told = 0;
    ledger.whenCounted(() => told++);
    const call = { groupId: 'g', tenantId: 't', routeId: 'r', consumer: null, status: 200, billable: true };
    const record = (latencyUs: number) =>
      ledger.record({ ...call, latencyUs, bytesIn: 1, bytesOut: 2, endedAt: 60_000 });
    record(100);
    record(9_000);
    ledger.forget();
    expect(ledger.drain()).toEqual([]);
    record(5);
    expect([ledger.total, told]).toEqual([3, 2]);
    expect(ledger.drain()).toMatchObject([{ calls: 1, billable: 1, latencySumUs: 5, bytesOut: 2, latency: [[9, 1]] }]);
  });
});
