import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { requireCommands } from './commands.ts';
import { LoadProcess } from './load-process.ts';
import { writeRequests } from './requests.ts';
import { percentile } from './statistics.ts';

const rightBody = '0123456789abcdef'.repeat(64);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let load: LoadProcess;
let requests: string;
let server: Server | undefined;

beforeAll(async () => {
  requireCommands(['taskset', 'luajit'], () => undefined);
  folder = await temporaryFolder('load');
  load = await LoadProcess.start(folder.path);
  requests = await writeRequests(join(folder.path, 'requests'), [{ path: '/a' }, { path: '/b' }]);
});
afterAll(async () => {
  await load.stop();
  await folder.remove();
});
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  server = undefined;
});

async function serve(listener: RequestListener): Promise<number> {
  const listening = createServer(listener);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return (listening.address() as AddressInfo).port;
}

const run = (port: number, { rate = 0, seconds = 0.5, connections = 4 } = {}) =>
  load.run({ port, rate, seconds, connections, requests });

describe('the load of the benches', () => {
  it('gives a latency for every right answer, and its upstream has answered as many', async () => {
    const before = await load.served();
    const { done, unfinished, latenciesUs } = await run(load.upstreamPort);
    expect(done).toBeGreaterThan(100);
    expect(unfinished).toBe(0);
    expect(latenciesUs).toHaveLength(done);
    expect((await load.served()) - before).toBe(done);
  });

  it('sends its requests in turn', async () => {
    const seen = new Map<string, number>();
    const port = await serve(({ url = '' }, response) => {
      seen.set(url, (seen.get(url) ?? 0) + 1);
      response.end(rightBody);
    });
    await run(port);
    expect([...seen.keys()].sort()).toEqual(['/a', '/b']);
    expect(Math.abs((seen.get('/a') ?? 0) - (seen.get('/b') ?? 0))).toBeLessThanOrEqual(1);
  });

  it('takes an answer that comes in pieces', async () => {
    const port = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': rightBody.length });
      response.write(rightBody.slice(0, 500));
      setImmediate(() => response.end(rightBody.slice(500)));
    });
    expect((await run(port)).done).toBeGreaterThan(0);
  });

  it.each<[string, RequestListener]>([
    ['of another status', (_request, response) => void response.writeHead(404).end(rightBody)],
    ['that is too short', (_request, response) => void response.writeHead(503).end('no')],
    ['of another content', (_request, response) => void response.end(rightBody.replace('f0', 'f1'))],
    ['that is too long', (_request, response) => void response.end(`${rightBody}x`)],
    ['that never comes', ({ socket }) => void socket.destroy()],
  ])('refuses a run with an answer %s', async (_, listener) => {
    let answered = 0;
    const port = await serve((request, response) => {
      answered += 1;
      if (answered === 20) listener(request, response);
      else response.end(rightBody);
    });
    await expect(run(port)).rejects.toThrow(/[1-9]\d* (wrong|requests lost)/);
  });

  it('measures an open loop from the moment when a request was due, also those that a stall kept from being sent', async () => {
    const stallMs = 400;
    let isStalled = false;
    const port = await serve((_request, response) => {
      if (isStalled) return void response.end(rightBody);
      isStalled = true;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, stallMs);
      response.end(rightBody);
    });
    const { done, unfinished, latenciesUs } = await run(port, { rate: 500, seconds: 1, connections: 2 });
    expect(done + unfinished).toBe(500);
    const overHalfTheStall = latenciesUs.filter((latency) => latency > (stallMs * 1000) / 2);
    expect(overHalfTheStall.length).toBeGreaterThan(80);
    expect(percentile(latenciesUs, 0.99)).toBeGreaterThan(stallMs * 900);
  });

  it('refuses a run without any answer', async () => {
    const port = await serve(() => undefined);
    await expect(run(port, { rate: 100, seconds: 0.2, connections: 1 })).rejects.toThrow('0 answers');
  });
});
