import { Worker } from 'node:worker_threads';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WorkerStart } from './messages.ts';
import { call, type SlowUpstream, startUpstream, startWorkers, traffic, withinMs } from './testing/workers-scene.ts';
import { spawnWorker } from './worker-pool.ts';

let upstream: SlowUpstream;

beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.stop());

describe('a worker that dies under load', () => {
  it.each([
    ['is terminated', (thread: Worker) => void thread.terminate()],
    ['throws what nobody catches', (thread: Worker) => thread.postMessage(null)],
  ])('because it %s costs the calls under way on it, and is back within a second', async (_, kill) => {
    const keeping = 8;
    const startedAt = performance.now();
    const { plane, port, threads, states } = await startWorkers(2, [upstream.route('a')]);
    const startMs = performance.now() - startedAt;
    const running = traffic(port, '/a', { keeping, visiting: 0 });
    await eventually(() => expect(running.tally.made).toBeGreaterThan(200), { withinMs });
    const [doomed] = threads;
    if (doomed === undefined) throw new Error('no worker');
    kill(doomed);
    const diedAt = performance.now();
    await eventually(() => expect(plane.status().workers[0]?.restarts).toBe(1), { withinMs });
    await eventually(() => expect(states()).toEqual(['serving', 'serving']), { withinMs });
    const backAfterMs = performance.now() - diedAt;
    const { made } = running.tally;
    await eventually(() => expect(running.tally.made).toBeGreaterThan(made + 200), { withinMs });
    await running.stop();
    expect(running.tally.failed + running.tally.turnedAway).toBeLessThanOrEqual(keeping);
    expect(running.tally.other).toBe(0);
    // A machine so busy that a start takes longer than a second, without any calls beside it, tells nothing.
    expect(backAfterMs).toBeLessThan(startMs < 1_000 ? 1_000 : 5 * startMs);
  });

  it('again and again is started more slowly, and the data plane says that it is not ready and why', async () => {
    const spawn = (options: WorkerStart, index: number) =>
      index < 2 ? spawnWorker(options) : new Worker(`throw new Error('broken to test')`, { eval: true });
    const { plane, port, threads } = await startWorkers(2, [upstream.route('a')], spawn);
    await threads[1]?.terminate();
    await eventually(() => expect(plane.isServing).toBe(false), { withinMs });
    expect(plane.status().trouble).toContain('broken to test');
    expect(await call(port, '/a')).toBe(200);
    expect(threads.length).toBeLessThan(10);
  });

  it('leaves the data plane not serving until the next one serves, when it was the only one', async () => {
    const { plane, port, threads } = await startWorkers(1, [upstream.route('a')]);
    expect(plane.isServing).toBe(true);
    await threads[0]?.terminate();
    expect(plane.isServing).toBe(false);
    await eventually(() => expect(plane.isServing).toBe(true), { withinMs });
    expect(await call(port, '/a')).toBe(200);
  });
});

describe('workers that are replaced', () => {
  it.each([1, 2])('%i of them, under load, fail no call', { timeout: 60_000 }, async (workers) => {
    const { plane, port, tlsPort, threads } = await startWorkers(workers, [upstream.route('a')]);
    const running = traffic(port, '/a', { keeping: 8, visiting: 1, tlsPort });
    await eventually(() => expect(running.tally.made).toBeGreaterThan(200), { withinMs });
    for (let round = 0; round < 2; round++) await plane.replaceWorkers();
    await running.stop();
    expect(threads).toHaveLength(3 * workers);
    expect(running.tally).toMatchObject({ failed: 0, other: 0 });
    // With net.ipv4.tcp_migrate_req=1 there is none.
    expect(running.tally.turnedAway).toBeLessThanOrEqual(2 * workers);
  });

  it('finish what is under way', async () => {
    const { plane, port } = await startWorkers(1, [upstream.route('slow')]);
    const slow = call(port, '/slow');
    await eventually(() => expect(upstream.waiting).toHaveLength(1), { withinMs });
    const replaced = plane.replaceWorkers();
    await eventually(() => expect(plane.status().workers[0]?.id).toBe(2), { withinMs });
    upstream.waiting.pop()?.();
    expect(await slow).toBe(200);
    await replaced;
  });
});
