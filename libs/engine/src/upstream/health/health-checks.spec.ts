import type { RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { eventually } from '@tollgate/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { EngineOptions } from '../../engine.ts';
import {
  resource,
  send,
  socketKinds,
  startEngine,
  startUpstream,
  type TestEngine,
  type TestUpstream,
} from '../../testing/index.ts';

const running: { stop(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const part of running.splice(0).reverse()) await part.stop();
});

/** The quickest that APISIX's model allows: every second, one finding decides. */
const quickHealthy = { interval: 1, successes: 1 };
const quickUnhealthy = { interval: 1, http_failures: 1, tcp_failures: 1, timeouts: 1 };
const quick = { http_path: '/health', healthy: quickHealthy, unhealthy: quickUnhealthy };

interface TestNode extends TestUpstream {
  /** Answers health checks and calls with 500. */
  isIll: boolean;
  readonly probes: () => number;
  readonly calls: () => number;
}

async function startNode(listener?: RequestListener): Promise<TestNode> {
  const upstream = await startUpstream((request, response) => {
    if (listener !== undefined) return listener(request, response);
    response.statusCode = node.isIll ? 500 : 200;
    response.end();
  });
  const count = (isProbe: boolean) => () =>
    upstream.requests.filter(({ url }) => (url === '/health') === isProbe).length;
  const node: TestNode = { ...upstream, isIll: false, probes: count(true), calls: count(false) };
  running.push(node);
  return node;
}

/** A server that accepts and does what it is told with each connection, by default nothing. */
async function startTcp(
  onConnection: (socket: Socket) => void = () => undefined,
): Promise<{ address: string; port: number }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push({
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  const { port } = server.address() as AddressInfo;
  return { address: `127.0.0.1:${port}`, port };
}

type Checks = Record<string, unknown>;
const upstreamOf = (addresses: readonly string[], checks: Checks, more: Checks = {}) => ({
  nodes: Object.fromEntries(addresses.map((address) => [address, 1])),
  checks,
  ...more,
});

async function startWith(
  upstream: Record<string, unknown>,
  options: Partial<EngineOptions> = {},
  settings: Record<string, unknown> = {},
): Promise<TestEngine> {
  const revision = [resource('upstream', 'u', upstream), resource('route', 'r', { uri: '/*', upstream_id: 'u' })];
  const engine = await startEngine({ policies: [], ...options }, { revision, settings });
  running.push(engine);
  return engine;
}

/** Waits for as long as an engine takes to probe this many rounds. */
async function roundsPass(count: number): Promise<void> {
  const witness = await startNode();
  await startWith(upstreamOf([witness.address], { active: quick }));
  await eventually(() => expect(witness.probes()).toBeGreaterThanOrEqual(count), { withinMs: 1500 * count });
}

async function callMany(port: number, times: number): Promise<void> {
  for (let index = 0; index < times; index++) await send(port, '/call');
}

const health = ({ engine }: TestEngine) => engine.status().health;
async function untilUnhealthy(engine: TestEngine, count: number, withinMs = 3000): Promise<void> {
  await eventually(() => expect(health(engine).unhealthy).toBe(count), { withinMs });
}

describe.each(socketKinds)('active checks on %s sockets', (sockets) => {
  it('take an ill node out of use, say why, and bring it back', async () => {
    const [well, ill] = [await startNode(), await startNode()];
    ill.isIll = true;
    const engine = await startWith(upstreamOf([well.address, ill.address], { active: quick }), { sockets });
    await untilUnhealthy(engine, 1);
    expect(health(engine)).toMatchObject({
      healthy: 1,
      troubled: [{ groupId: 'g1', owner: 'upstream/u', node: ill.address, state: 'unhealthy' }],
    });
    expect(health(engine).troubled[0]?.reason).toContain('status 500');
    await callMany(engine.port, 6);
    expect([well.calls(), ill.calls()]).toEqual([6, 0]);
    ill.isIll = false;
    await untilUnhealthy(engine, 0);
    await callMany(engine.port, 6);
    expect(ill.calls()).toBe(3);
  });

  it('of type tcp ask for a connection only', async () => {
    const silent = await startTcp();
    const gone = await startUpstream();
    await gone.stop();
    const checks = { active: { ...quick, type: 'tcp' } };
    const engine = await startWith(upstreamOf([silent.address, gone.address], checks), { sockets });
    await untilUnhealthy(engine, 1);
    expect(health(engine).troubled).toMatchObject([{ node: gone.address }]);
  });

  it('give up on a node that accepts and never answers', async () => {
    const silent = await startTcp();
    const checks = { active: { ...quick, timeout: 0.1 } };
    const engine = await startWith(upstreamOf([silent.address], checks), { sockets });
    await untilUnhealthy(engine, 1);
    expect(health(engine).troubled[0]?.reason).toContain('in time');
  });

  it('give up on a node whose answer trickles in', async () => {
    const trickling = await startTcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nx: ');
      const timer = setInterval(() => socket.write('y'), 20);
      socket.once('close', () => clearInterval(timer));
    });
    const checks = { active: { ...quick, timeout: 0.2 } };
    const engine = await startWith(upstreamOf([trickling.address], checks), { sockets });
    await untilUnhealthy(engine, 1);
    expect(health(engine).troubled[0]?.reason).toContain('in time');
  });

  it('read a bounded head, and no body', async () => {
    let written = 0;
    const endless = await startTcp((socket) => {
      socket.on('data', () => undefined);
      socket.write('HTTP/1.1 200 OK\r\n');
      const more = () => {
        written += 10_000;
        if (!socket.destroyed) socket.write(`x: ${'y'.repeat(10_000)}\r\n`, more);
      };
      more();
    });
    const engine = await startWith(upstreamOf([endless.address], { active: quick }), { sockets });
    await untilUnhealthy(engine, 1);
    expect(written).toBeLessThan(20 * 1024 * 1024);
  });
});

describe('active checks', () => {
  it('send the path, host and headers they are told to, to the port they are told', async () => {
    const node = await startNode();
    const active = { ...quick, host: 'check.test', port: node.port, req_headers: ['User-Agent: mine', 'x-a: b'] };
    await startWith(upstreamOf(['127.0.0.1:1'], { active }));
    await eventually(() => expect(node.probes()).toBeGreaterThan(0), { withinMs: 2000 });
    expect(node.requests[0]?.headers).toMatchObject({ host: 'check.test', 'user-agent': 'mine', 'x-a': 'b' });
  });

  it('that cannot be sent are refused when they are configured', async () => {
    const engine = await startWith(upstreamOf(['127.0.0.1:1'], {}));
    const bad = (active: Checks) =>
      engine.engine.apply('g1', 'revision', {
        put: [resource('upstream', 'u', upstreamOf(['127.0.0.1:1'], { active }))],
      });
    for (const active of [
      { req_headers: ['x: y\r\nz: 1'] },
      { req_headers: ['no colon'] },
      { http_path: '/a b' },
      { host: 'a\r\nb' },
      { req_headers: Array.from({ length: 100 }, () => `x: ${'y'.repeat(100)}`) },
    ]) {
      expect(bad(active)).toMatchObject({ ok: false, faults: [{ kind: 'upstream', id: 'u' }] });
    }
  });

  it('never connect to where the egress guard forbids', async () => {
    const node = await startNode();
    const engine = await startWith(upstreamOf([node.address], { active: quick }), {
      guard: { isAllowed: () => false },
    });
    await untilUnhealthy(engine, 1);
    expect(health(engine).troubled[0]?.reason).toContain('refused');
    expect(node.probes()).toBe(0);
  });

  it('keep to their concurrency', async () => {
    let [underWay, most] = [0, 0];
    const slow = await startNode((_request, response) => {
      most = Math.max(most, ++underWay);
      setTimeout(() => {
        underWay--;
        response.end();
      }, 20);
    });
    const nodes = Array.from({ length: 8 }, (_, index) => `127.0.0.${index + 1}:${slow.port}`);
    const active = { ...quick, concurrency: 2, port: slow.port, host: 'x' };
    await startWith(upstreamOf(nodes, { active }));
    await eventually(() => expect(slow.requests.length).toBeGreaterThan(0), { withinMs: 2000 });
    await eventually(() => expect(underWay).toBe(0), { withinMs: 2000 });
    expect(most).toBeLessThanOrEqual(2);
  });

  it('end with their upstream', async () => {
    const node = await startNode();
    const engine = await startWith(upstreamOf([node.address], { active: quick }));
    await eventually(() => expect(node.probes()).toBeGreaterThan(0), { withinMs: 2000 });
    engine.apply('revision', [resource('upstream', 'u', upstreamOf([node.address], {}))]);
    const before = node.probes();
    await roundsPass(2);
    expect(node.probes()).toBe(before);
    expect(health(engine)).toEqual({ healthy: 0, unhealthy: 0, ejected: 0, troubled: [] });
  });

  it('do not begin for a change that is refused', async () => {
    const node = await startNode();
    const engine = await startWith(upstreamOf(['127.0.0.1:1'], {}));
    const put = [resource('upstream', 'u', upstreamOf([node.address], { active: quick })), resource('route', 'x', {})];
    expect(engine.engine.apply('g1', 'revision', { put }).ok).toBe(false);
    await roundsPass(1);
    expect(node.probes()).toBe(0);
  });

  it('keep their verdict when the upstream is changed', async () => {
    const [well, ill] = [await startNode(), await startNode()];
    ill.isIll = true;
    const checks = { active: { ...quick, unhealthy: { ...quickUnhealthy, interval: 60 } } };
    const engine = await startWith(upstreamOf([well.address, ill.address], checks));
    await untilUnhealthy(engine, 1);
    engine.apply('revision', [
      resource('upstream', 'u', upstreamOf([well.address, ill.address], checks, { retries: 0 })),
    ]);
    expect(health(engine).unhealthy).toBe(1);
    await callMany(engine.port, 4);
    expect(ill.calls()).toBe(0);
  });
});

describe('an upstream that is not probed any more', () => {
  it('has no node left out by a verdict that nothing would take back', async () => {
    const [well, ill] = [await startNode(), await startNode()];
    ill.isIll = true;
    const engine = await startWith(upstreamOf([well.address, ill.address], { active: quick, passive: {} }));
    await untilUnhealthy(engine, 1);
    engine.apply('revision', [resource('upstream', 'u', upstreamOf([well.address, ill.address], { passive: {} }))]);
    expect(health(engine)).toMatchObject({ healthy: 2, unhealthy: 0 });
    await callMany(engine.port, 4);
    expect(ill.calls()).toBe(2);
  });
});

describe('passive checks', () => {
  const passive = { healthy: { successes: 1 }, unhealthy: { http_failures: 2, tcp_failures: 1, timeouts: 1 } };

  it('take out a node by the answers of calls; probes bring it back', async () => {
    const [well, ill] = [await startNode(), await startNode()];
    const checks = { active: quick, passive };
    const engine = await startWith(upstreamOf([well.address, ill.address], checks));
    await eventually(() => expect(ill.probes()).toBeGreaterThan(0), { withinMs: 2000 });
    ill.isIll = true;
    await callMany(engine.port, 8);
    expect(ill.calls()).toBe(2);
    expect(health(engine).troubled).toMatchObject([{ node: ill.address, state: 'unhealthy' }]);
    ill.isIll = false;
    await untilUnhealthy(engine, 0);
  });

  it('take out a node that cannot be connected to, and a slow one', async () => {
    const well = await startNode();
    const gone = await startUpstream();
    await gone.stop();
    const slow = await startTcp();
    const timeout = { connect: 1, send: 1, read: 0.1 };
    const active = { ...quick, port: well.port, unhealthy: { interval: 60 }, healthy: { interval: 60 } };
    const checks = { active, passive };
    const engine = await startWith(upstreamOf([well.address, gone.address, slow.address], checks, { timeout }));
    await callMany(engine.port, 6);
    expect(well.calls()).toBe(6);
    expect(
      health(engine)
        .troubled.map(({ node }) => node)
        .sort(),
    ).toEqual([gone.address, slow.address].sort());
  });

  it('without active ones leave a node out for a time only', async () => {
    const [well, ill] = [await startNode(), await startNode()];
    ill.isIll = true;
    const settings = { upstreams: { ejection: { failures: 100, baseSeconds: 0.2, maxSeconds: 1 } } };
    const engine = await startWith(upstreamOf([well.address, ill.address], { passive }), {}, settings);
    await callMany(engine.port, 8);
    expect(ill.calls()).toBe(2);
    expect(health(engine)).toMatchObject({ ejected: 1, troubled: [{ node: ill.address, state: 'ejected' }] });
    ill.isIll = false;
    await eventually(() => expect(health(engine).ejected).toBe(0), { withinMs: 1000 });
    await callMany(engine.port, 4);
    expect(ill.calls()).toBe(4);
  });
});

describe('when every node is unhealthy', () => {
  it('all are used', async () => {
    const [one, two] = [await startNode(), await startNode()];
    [one.isIll, two.isIll] = [true, true];
    const engine = await startWith(upstreamOf([one.address, two.address], { active: quick }));
    await untilUnhealthy(engine, 2);
    await callMany(engine.port, 4);
    expect([one.calls(), two.calls()]).toEqual([2, 2]);
  });
});

describe('an engine that follows', () => {
  it('does not probe, and has the verdicts of one that does', async () => {
    const [well, ill] = [await startNode(), await startNode()];
    ill.isIll = true;
    const upstream = upstreamOf([well.address, ill.address], { active: quick });
    const follower = await startWith(upstream, { healthChecks: 'follow' });
    await roundsPass(1);
    expect(well.probes() + ill.probes()).toBe(0);
    const prober = await startWith(upstream);
    prober.engine.whenHealthChanged((update) => follower.engine.applyHealth(structuredClone(update)));
    await untilUnhealthy(follower, 1);
    await callMany(follower.port, 4);
    expect([well.calls(), ill.calls()]).toEqual([4, 0]);
    const late = await startWith(upstream, { healthChecks: 'follow' });
    late.engine.applyHealth(prober.engine.healthSnapshot());
    expect(health(late).unhealthy).toBe(1);
    ill.isIll = false;
    await untilUnhealthy(follower, 0);
  });

  it('tells of what its own calls have shown', async () => {
    const [well, ill] = [await startNode(), await startNode()];
    const checks = { active: quick, passive: { unhealthy: { http_failures: 1 } } };
    const upstream = upstreamOf([well.address, ill.address], checks);
    const [prober, follower] = [await startWith(upstream), await startWith(upstream, { healthChecks: 'follow' })];
    prober.engine.whenHealthChanged((update) => follower.engine.applyHealth(update));
    follower.engine.whenHealthChanged((update) => prober.engine.applyHealth(update));
    ill.isIll = true;
    await callMany(follower.port, 2);
    expect([health(follower).unhealthy, health(prober).unhealthy]).toEqual([1, 1]);
    ill.isIll = false;
    await untilUnhealthy(follower, 0);
    expect(health(prober).unhealthy).toBe(0);
  });
});
