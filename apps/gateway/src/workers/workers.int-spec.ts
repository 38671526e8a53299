import { once } from 'node:events';
import { connect } from 'node:tls';
import { Worker } from 'node:worker_threads';
import type { GatewayResource } from '@tollgate/contracts/gateway';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WorkerStart } from './messages.ts';
import {
  call,
  callAtOnce,
  groupId,
  type SlowUpstream,
  startUpstream,
  startWorkers,
  withinMs,
} from './testing/workers-scene.ts';
import { spawnWorker } from './worker-pool.ts';

let upstream: SlowUpstream;

beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.stop());

/** A worker that serves nothing, but says that it does, and does with changes what the code says. */
function workerThat(code: string): () => Worker {
  const program = `const { parentPort } = require('node:worker_threads');
    parentPort.on('message', ({ kind, number, address }) => {
      switch (kind) {
        case 'listen':
          parentPort.postMessage({ kind: 'done', number, ports: { http: address.httpPort, https: address.httpsPort } });
          break;
        ${code}
      }
    });
    parentPort.postMessage({ kind: 'loaded' });`;
  return () => new Worker(program, { eval: true });
}

describe('workers', () => {
  it.each([1, 3])('%i of them serve one port, and connections spread over all', async (workers) => {
    const { plane, port } = await startWorkers(workers, [upstream.route('a')]);
    expect(new Set(await callAtOnce(120, port, '/a'))).toEqual(new Set([200]));
    await plane.collect();
    const status = plane.status();
    expect(status).toMatchObject({ callsCounted: 120, connections: 0, trouble: null });
    expect(status.workers).toHaveLength(workers);
    for (const worker of status.workers) {
      expect(worker).toMatchObject({ state: 'serving', restarts: 0, sockets: 'raw', lastEnd: null });
      expect(worker.calls).toBeGreaterThan(0);
    }
  });

  it('count a limit together, exactly', async () => {
    const plugins = { 'limit-count': { count: 100, time_window: 600, rejected_code: 429 } };
    const { port } = await startWorkers(3, [upstream.route('a', { plugins })]);
    const statuses = await callAtOnce(300, port, '/a');
    expect(statuses.filter((status) => status === 200)).toHaveLength(100);
    expect(statuses.filter((status) => status === 429)).toHaveLength(200);
  });

  it('keep what was counted when they are replaced, and when they die', async () => {
    const plugins = { 'limit-count': { count: 10, time_window: 600, rejected_code: 429 } };
    const { plane, port, threads, states } = await startWorkers(2, [upstream.route('a', { plugins })]);
    await callAtOnce(10, port, '/a');
    await plane.replaceWorkers();
    expect(await call(port, '/a')).toBe(429);
    await Promise.all(threads.map((thread) => thread.terminate()));
    await eventually(() => expect(states()).toEqual(['serving', 'serving']), { withinMs });
    expect(await call(port, '/a')).toBe(429);
  });

  it('go on with a TLS session that another one has begun', async () => {
    const { tlsPort } = await startWorkers(3, [upstream.route('a')]);
    const options = { host: '127.0.0.1', port: tlsPort, servername: 'api.test', rejectUnauthorized: false };
    const first = connect({ ...options, maxVersion: 'TLSv1.2' });
    const [session] = (await once(first, 'session')) as [Buffer];
    first.destroy();
    const reused = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const socket = connect({ ...options, maxVersion: 'TLSv1.2', session });
        await once(socket, 'secureConnect');
        const isReused = socket.isSessionReused();
        socket.destroy();
        return isReused;
      }),
    );
    expect(new Set(reused)).toEqual(new Set([true]));
  });

  it('share a lease, and hand over every call exactly once, also when they end', async () => {
    const consumer: GatewayResource = {
      kind: 'consumer',
      id: 'sub_a',
      value: { username: 'sub_a', plugins: { 'key-auth': { key: 'k' } } },
    };
    const { plane, port, rows } = await startWorkers(4, [
      upstream.route('a', { plugins: { 'key-auth': {} } }),
      consumer,
    ]);
    plane.setUsageStream({ instanceId: 'dp_1', epoch: 'e1' });
    const lease = {
      kind: 'quota_lease',
      id: 'sub_a',
      value: { limit: 100, used: 0, lease: 40, nextLease: 40 },
    } as const;
    expect(await plane.apply(groupId, 'access', { put: [lease] })).toMatchObject({ ok: true });
    const statuses = await Promise.all(Array.from({ length: 120 }, () => call(port, '/a?apikey=k')));
    expect(statuses.filter((status) => status === 200)).toHaveLength(40);
    expect(statuses.filter((status) => status === 429)).toHaveLength(80);
    await plane.close(1_000);
    await eventually(() => expect(rows.reduce((sum, row) => sum + row.calls, 0)).toBe(120), { withinMs });
    expect(rows.reduce((sum, row) => sum + row.billable, 0)).toBe(40);
  });
});

describe('a change', () => {
  it('is in force on every worker once it is acknowledged', async () => {
    const { plane, port } = await startWorkers(3, [upstream.route('a')]);
    for (let round = 0; round < 5; round++) {
      await plane.apply(groupId, 'revision', { put: [upstream.route('b')] });
      expect(new Set(await callAtOnce(30, port, '/b'))).toEqual(new Set([200]));
      await plane.apply(groupId, 'revision', { delete: [{ kind: 'route', id: 'b' }] });
      expect(new Set(await callAtOnce(30, port, '/b'))).toEqual(new Set([404]));
    }
  });

  it('that is refused leaves all of them as they were', async () => {
    const { plane, port } = await startWorkers(2, [upstream.route('a')]);
    const broken = { kind: 'route', id: 'c', value: { uri: '/c', plugins: { 'no-such': {} } } } as const;
    const result = await plane.apply(groupId, 'revision', { put: [upstream.route('b'), broken] });
    expect(result).toMatchObject({ ok: false, faults: [{ kind: 'route', id: 'c' }] });
    expect(
      [...(await callAtOnce(10, port, '/a')), ...(await callAtOnce(10, port, '/b'))].filter((s) => s === 200),
    ).toHaveLength(10);
  });

  it('reaches a worker that starts meanwhile, and one that starts later', async () => {
    const { plane, port } = await startWorkers(2, [upstream.route('a')]);
    const replacing = plane.replaceWorkers();
    for (const id of ['b', 'c', 'd']) {
      await plane.apply(groupId, 'revision', { put: [upstream.route(id)] });
      expect(new Set(await callAtOnce(20, port, `/${id}`))).toEqual(new Set([200]));
    }
    await replacing;
    expect(new Set(await callAtOnce(20, port, '/d'))).toEqual(new Set([200]));
  });

  it('is acknowledged when the slowest worker has it in force', async () => {
    const slow = workerThat(
      `case 'apply': setTimeout(() => parentPort.postMessage({ kind: 'done', number }), 300); break;`,
    );
    const { plane } = await startWorkers(2, [upstream.route('a')], (options, index) =>
      index === 1 ? slow() : spawnWorker(options),
    );
    const startedAt = performance.now();
    await plane.apply(groupId, 'revision', { put: [upstream.route('b')] });
    expect(performance.now() - startedAt).toBeGreaterThan(290);
  });

  it('is handed over while those before it are under way, but no more than 32 at a time', async () => {
    // After the one that the scene begins with: answers 32 together, a while after the last of them, and then each.
    const gathering = workerThat(`case 'apply': {
      const numbers = (globalThis.numbers ??= []);
      numbers.push(number);
      const answer = () => numbers.splice(0).forEach((number) => parentPort.postMessage({ kind: 'done', number }));
      globalThis.seen = (globalThis.seen ?? 0) + 1;
      if (seen === 33) setTimeout(answer, 100);
      else if (seen === 1 || seen > 33) answer();
      break;
    }`);
    const { plane } = await startWorkers(2, [upstream.route('a')], (options, index) =>
      index === 1 ? gathering() : spawnWorker(options),
    );
    const events: string[] = [];
    const inForce: Promise<void>[] = [];
    for (let number = 1; number <= 33; number++) {
      const change = await plane.handOver(groupId, 'revision', { put: [upstream.route(`r${number}`)] });
      events.push(`${number} handed over`);
      inForce.push(change.inForce.then(() => void events.push(`${number} in force`)));
    }
    await Promise.all(inForce);
    const most = Array.from({ length: 32 }, (_, index) => `${index + 1} handed over`);
    expect(events.slice(0, 33)).toEqual([...most, '1 in force']);
    expect(events).toHaveLength(66);
  });

  it('is not held up by a worker that does not answer: that one is replaced', async () => {
    const deaf = workerThat('');
    const spawn = (options: WorkerStart, index: number) => (index === 1 ? deaf() : spawnWorker(options));
    const { plane, port, states } = await startWorkers(2, [upstream.route('a')], spawn);
    await eventually(() => expect(states()).toEqual(['serving', 'serving']), { withinMs });
    expect(plane.status().workers[1]).toMatchObject({ restarts: 1, lastEnd: 'it did not answer in time' });
    expect(new Set(await callAtOnce(30, port, '/a'))).toEqual(new Set([200]));
  });
});
