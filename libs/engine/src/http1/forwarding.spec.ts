import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { eventually } from '@tollgate/testing';
import { afterEach, describe, expect, it } from 'vitest';
import {
  resource,
  send,
  socketKinds,
  startEngine,
  startUpstream,
  type TestEngine,
  type TestUpstream,
} from '../testing/index.ts';

describe.each(socketKinds)('retries on %s sockets', (sockets) => {
  const running: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const part of running.splice(0).reverse()) await part.stop();
  });

  async function start(listener: RequestListener): Promise<TestUpstream> {
    const upstream = await startUpstream(listener);
    running.push(upstream);
    return upstream;
  }

  async function startGone(): Promise<string> {
    const upstream = await startUpstream();
    await upstream.stop();
    return upstream.address;
  }

  async function serve(upstream: Record<string, unknown>): Promise<TestEngine> {
    const engine = await startEngine(
      { policies: [], sockets },
      { revision: [resource('route', 'r1', { uri: '/*', upstream })] },
    );
    running.push(engine);
    return engine;
  }

  const answer: RequestListener = (_request, response) => response.end('ok');
  const reset: RequestListener = (request) => request.socket.resetAndDestroy();
  const tries = (nodes: readonly TestUpstream[]) => nodes.reduce((sum, { requests }) => sum + requests.length, 0);
  const nodesOf = (...addresses: readonly string[]) => Object.fromEntries(addresses.map((address) => [address, 1]));

  it('go to other nodes, as many as `retries` says', async () => {
    const nodes = [await start(reset), await start(reset), await start(reset)];
    const addresses = nodes.map(({ address }) => address);
    for (const [retries, expected] of [
      [0, 1],
      [1, 2],
      [9, 3],
      [undefined, 3],
    ]) {
      const before = tries(nodes);
      const { port } = await serve({ nodes: nodesOf(...addresses), ...(retries === undefined ? {} : { retries }) });
      expect((await send(port, '/')).json()).toMatchObject({ status: 502, code: 'gateway.upstream_failed' });
      expect(tries(nodes) - before).toBe(expected);
    }
  });

  it('never repeat what may have had an effect', async () => {
    const nodes = [await start(reset), await start(reset)];
    const { port } = await serve({ nodes: nodesOf(...nodes.map(({ address }) => address)) });
    expect((await send(port, '/', { method: 'POST' })).status).toBe(502);
    expect(tries(nodes)).toBe(1);
  });

  it('do not multiply the load of an upstream that fails', async () => {
    const nodes = [await start(reset), await start(reset)];
    const { port } = await serve({ nodes: nodesOf(...nodes.map(({ address }) => address)) });
    for (let index = 0; index < 100; index++) expect((await send(port, '/')).status).toBe(502);
    expect(tries(nodes)).toBe(100 + 100 / 5 + 10);
  });

  it('do not count the replay on a kept connection that had closed', async () => {
    const seen = new WeakSet<Socket>();
    const closing = await start((request, response) => {
      if (seen.has(request.socket)) request.socket.resetAndDestroy();
      else response.end('ok');
      seen.add(request.socket);
    });
    const { port } = await serve({ nodes: nodesOf(closing.address), retries: 0 });
    for (let index = 0; index < 20; index++) expect((await send(port, '/')).status).toBe(200);
    expect(closing.requests).toHaveLength(20 + 19);
  });

  it('end with the time of `retry_timeout`, the try under way included', async () => {
    const hanging = await start(() => undefined);
    const gone = await startGone();
    const nodes = [
      { host: '127.0.0.1', port: Number(gone.split(':')[1]), weight: 1, priority: 1 },
      { host: '127.0.0.1', port: hanging.port, weight: 1 },
    ];
    const { port } = await serve({ nodes, retry_timeout: 0.2 });
    const startedAt = performance.now();
    expect((await send(port, '/')).json()).toMatchObject({ status: 504, code: 'gateway.upstream_timeout' });
    expect(performance.now() - startedAt).toBeLessThan(1500);
    expect(hanging.requests).toHaveLength(1);
    await eventually(() => expect(hanging.requests[0]?.socket.destroyed).toBe(true), { withinMs: 1000 });
  });

  it('do not begin after `retry_timeout`, which leaves the first try its own time', async () => {
    const slow = await start((request) => setTimeout(() => request.socket.resetAndDestroy(), 300));
    const well = await start(answer);
    const nodes = [
      { host: '127.0.0.1', port: slow.port, weight: 1, priority: 1 },
      { host: '127.0.0.1', port: well.port, weight: 1 },
    ];
    const { port } = await serve({ nodes, retry_timeout: 0.1 });
    expect((await send(port, '/')).status).toBe(502);
    expect(well.requests).toHaveLength(0);
  });

  it('bound the time to the head of an answer, not that of its body', async () => {
    const gone = await startGone();
    const long = await start((_request, response) => {
      response.write('a');
      setTimeout(() => response.end('b'), 500);
    });
    const nodes = [
      { host: '127.0.0.1', port: Number(gone.split(':')[1]), weight: 1, priority: 1 },
      { host: '127.0.0.1', port: long.port, weight: 1 },
    ];
    const { port } = await serve({ nodes, retry_timeout: 0.2 });
    expect(await send(port, '/')).toMatchObject({ status: 200, text: 'ab' });
  });

  it('that find no other node tell what was wrong with the first', async () => {
    const failing = await start(reset);
    const { port } = await serve({
      nodes: [
        { host: '127.0.0.1', port: failing.port, weight: 1 },
        { host: '127.0.0.1', port: 1, weight: 0 },
      ],
    });
    expect((await send(port, '/')).json()).toMatchObject({ status: 502, code: 'gateway.upstream_failed' });
  });
});
