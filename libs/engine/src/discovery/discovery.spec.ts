import { eventually } from '@tollgate/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { EngineOptions } from '../engine.ts';
import { silentMetrics } from '../metrics.ts';
import {
  resource,
  send,
  startCluster,
  startConsul,
  startEngine,
  startNameServer,
  startUpstream,
  type TestCluster,
  type TestEngine,
  type TestInstance,
  type TestUpstream,
} from '../testing/index.ts';
import type { DiscoveryState } from './service-watch.ts';

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const part of running.splice(0).reverse()) await part.stop();
});

async function keep<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const part = await starting;
  running.push(part);
  return part;
}

async function startNodes(count: number): Promise<(TestUpstream & TestInstance)[]> {
  const nodes = [];
  for (let index = 0; index < count; index++) {
    nodes.push({ ...(await keep(startUpstream())), address: '127.0.0.1' });
  }
  return nodes;
}

async function serve(
  upstream: { readonly discovery_type: string; readonly service_name: string },
  options: Partial<EngineOptions>,
): Promise<TestEngine & { readonly heard: DiscoveryState[] }> {
  const heard: DiscoveryState[] = [];
  const metrics = { ...silentMetrics, discovery: (state: DiscoveryState) => void heard.push(state) };
  const engine = await keep(
    startEngine({ policies: [], metrics, ...options }, { revision: [resource('route', 'r', { uri: '/*', upstream })] }),
  );
  return { ...engine, heard };
}

/** The ports that calls reach. */
async function reached(engine: TestEngine, nodes: readonly TestUpstream[]): Promise<number[]> {
  const before = nodes.map(({ requests }) => requests.length);
  for (let index = 0; index < nodes.length * 2; index++) await send(engine.port, '/');
  return nodes.filter(({ requests }, index) => requests.length > before[index]!).map(({ port }) => port);
}

async function untilReached(
  engine: TestEngine,
  nodes: readonly TestUpstream[],
  expected: readonly TestUpstream[],
): Promise<void> {
  const ports = expected.map(({ port }) => port);
  await eventually(async () => expect(await reached(engine, nodes)).toEqual(ports), { withinMs: 5000 });
}

const troubles = ({ engine }: TestEngine) => engine.status().discovery.troubled;

describe('discovery', () => {
  it('is refused where the registry is not configured or the name cannot be one', async () => {
    const engine = await serve({ discovery_type: 'dns', service_name: 'x.test' }, {});
    for (const upstream of [
      { discovery_type: 'consul', service_name: 'x' },
      { discovery_type: 'constructor', service_name: 'x' },
      { discovery_type: 'dns', service_name: 'a b' },
      { service_name: 'x' },
    ]) {
      const put = [resource('route', 'r2', { uri: '/*', upstream })];
      expect(engine.engine.apply('g1', 'revision', { put })).toMatchObject({
        ok: false,
        faults: [{ pointer: '/upstream' }],
      });
    }
  });

  it('answers 503 until the first nodes are known', async () => {
    const consul = await keep(startConsul({}));
    const registries = { consul: { servers: [`http://${consul.address}`] } };
    const engine = await serve({ discovery_type: 'consul', service_name: 'api' }, { discovery: registries });
    expect((await send(engine.port, '/')).json()).toMatchObject({ status: 503, code: 'gateway.no_upstream' });
  });
});

describe('dns', () => {
  it('takes every address of a name, the port from service_name, and follows changes', async () => {
    const [first] = await startNodes(1);
    const second = await keep(startUpstream(undefined, { host: '127.0.0.2', port: first!.port }));
    const server = await keep(startNameServer({ 'api.test': { a: ['127.0.0.1'], ttl: 1 } }));
    const engine = await serve(
      { discovery_type: 'dns', service_name: `api.test:${first!.port}` },
      { dns: { servers: [server.address] } },
    );
    await untilReached(engine, [first!, second], [first!]);
    expect(engine.engine.status().discovery).toEqual({ services: 1, troubled: [] });
    server.zone.set('api.test', { a: ['127.0.0.1', '127.0.0.2'], ttl: 1 });
    await eventually(async () => expect(await reached(engine, [first!, second])).toHaveLength(2), { withinMs: 3000 });
  });

  it('takes SRV records before addresses, with their ports, weights and priorities', async () => {
    const nodes = await startNodes(3);
    const srv = nodes.map(({ port }, index) => ({
      name: 'node.test',
      port,
      weight: index === 0 ? 0 : 10,
      priority: index === 2 ? 20 : 10,
    }));
    const server = await keep(startNameServer({ '_api._tcp.test': { srv }, 'node.test': { a: ['127.0.0.1'] } }));
    const engine = await serve(
      { discovery_type: 'dns', service_name: '_api._tcp.test' },
      { dns: { servers: [server.address], srvRefreshSeconds: 0.1 } },
    );
    await eventually(async () => expect((await send(engine.port, '/')).status).toBe(200), { withinMs: 2000 });
    for (let index = 0; index < 21; index++) await send(engine.port, '/');
    const counts = nodes.map(({ requests }) => requests.length);
    expect(counts[2]).toBe(0);
    expect(counts[0]).toBeGreaterThan(0);
    expect(counts[1]! / counts[0]!).toBeGreaterThan(5);
    server.zone.set('_api._tcp.test', { srv: srv.slice(2) });
    await untilReached(engine, nodes, nodes.slice(2));
  });

  it('keeps the last good nodes when the name is gone, and alarms', async () => {
    const [node] = await startNodes(1);
    const server = await keep(startNameServer({ 'api.test': { a: ['127.0.0.1'], ttl: 1 } }));
    const engine = await serve(
      { discovery_type: 'dns', service_name: `api.test:${node!.port}` },
      { dns: { servers: [server.address], ttlOverrideSeconds: 0.1 } },
    );
    await untilReached(engine, [node!], [node!]);
    server.zone.clear();
    await eventually(() => expect(troubles(engine)).toMatchObject([{ state: 'failing', nodes: 1 }]), {
      withinMs: 2000,
    });
    expect((await send(engine.port, '/')).status).toBe(200);
    server.zone.set('api.test', { a: ['127.0.0.1'] });
    await eventually(() => expect(troubles(engine)).toEqual([]), { withinMs: 3000 });
    expect(engine.heard.map(({ state }) => state)).toEqual(['good', 'failing', 'good']);
  });
});

describe('consul', () => {
  it('follows the instances of a service by blocking queries, with token and weights', async () => {
    const nodes = await startNodes(3);
    const consul = await keep(startConsul({ api: nodes.slice(0, 2) }));
    const registries = { consul: { servers: [`http://${consul.address}`], token: 'secret' } };
    const engine = await serve({ discovery_type: 'consul', service_name: 'api' }, { discovery: registries });
    await untilReached(engine, nodes, nodes.slice(0, 2));
    expect(consul.requests[0]?.headers['x-consul-token']).toBe('secret');
    expect(consul.requests[0]?.url).toContain('/v1/health/service/api?passing=1');
    consul.services.set('api', nodes.slice(1));
    consul.changed();
    await untilReached(engine, nodes, nodes.slice(1));
  });

  it.each(['silent', 'nonsense', 'status', 'endless'] as const)(
    'keeps the last good set on %s, alarms, and recovers',
    async (fault) => {
      const nodes = await startNodes(2);
      const consul = await keep(startConsul({ api: nodes.slice(0, 1) }));
      const registries = { consul: { servers: [`http://${consul.address}`], waitSeconds: 1, timeoutSeconds: 0.5 } };
      const engine = await serve({ discovery_type: 'consul', service_name: 'api' }, { discovery: registries });
      await untilReached(engine, nodes, nodes.slice(0, 1));
      consul.fault = fault;
      consul.changed();
      await eventually(() => expect(troubles(engine)).toMatchObject([{ type: 'consul', state: 'failing', nodes: 1 }]), {
        withinMs: 5000,
      });
      expect(troubles(engine)[0]?.reason).not.toBe('');
      expect(await reached(engine, nodes)).toEqual([nodes[0]!.port]);
      consul.fault = null;
      consul.services.set('api', nodes);
      await untilReached(engine, nodes, nodes);
      expect(troubles(engine)).toEqual([]);
    },
  );

  it('keeps the last good set when the service is said to be empty', async () => {
    const nodes = await startNodes(1);
    const consul = await keep(startConsul({ api: nodes }));
    const registries = { consul: { servers: [`http://${consul.address}`] } };
    const engine = await serve({ discovery_type: 'consul', service_name: 'api' }, { discovery: registries });
    await untilReached(engine, nodes, nodes);
    consul.services.set('api', []);
    await eventually(
      () => {
        consul.changed();
        expect(troubles(engine)).toMatchObject([{ reason: 'the service has no nodes', nodes: 1 }]);
      },
      { withinMs: 3000, everyMs: 100 },
    );
    expect(await reached(engine, nodes)).toEqual([nodes[0]!.port]);
  });

  it('never takes a node that could not stand in a request', async () => {
    const nodes = await startNodes(1);
    const consul = await keep(startConsul({ api: [...nodes, { address: 'a\r\nx: y', port: 1 }] }));
    const registries = { consul: { servers: [`http://${consul.address}`] } };
    const engine = await serve({ discovery_type: 'consul', service_name: 'api' }, { discovery: registries });
    await eventually(() => expect(troubles(engine)).toMatchObject([{ state: 'failing', nodes: 0 }]), {
      withinMs: 2000,
    });
  });

  it('is asked at another server when one fails', async () => {
    const nodes = await startNodes(1);
    const gone = await startUpstream();
    await gone.stop();
    const consul = await keep(startConsul({ api: nodes }));
    const servers = [`http://${gone.address}`, `http://${consul.address}`];
    const engine = await serve(
      { discovery_type: 'consul', service_name: 'api' },
      { discovery: { consul: { servers } } },
    );
    await untilReached(engine, nodes, nodes);
  });

  it('is asked once for all upstreams of a service, and no more when they are gone', async () => {
    const nodes = await startNodes(1);
    const consul = await keep(startConsul({ api: nodes }));
    const registries = { consul: { servers: [`http://${consul.address}`] } };
    const upstream = { discovery_type: 'consul', service_name: 'api' };
    const engine = await serve(upstream, { discovery: registries });
    await untilReached(engine, nodes, nodes);
    engine.apply('revision', [resource('route', 'r2', { uri: '/two', upstream })]);
    expect((await send(engine.port, '/two')).status).toBe(200);
    expect(engine.engine.status().discovery.services).toBe(1);
    const open = () => new Promise<number>((resolve) => consul.server.getConnections((_, count) => resolve(count)));
    await eventually(async () => expect(await open()).toBe(1), { withinMs: 2000 });
    engine.apply('revision', [], [resource('route', 'r', {}), resource('route', 'r2', {})]);
    expect(engine.engine.status().discovery.services).toBe(0);
    await eventually(async () => expect(await open()).toBe(0), { withinMs: 2000 });
  });
});

describe('kubernetes', () => {
  const slice = (name: string, nodes: readonly TestInstance[], ready = true) => ({
    metadata: { name },
    endpoints: nodes.map(({ address }) => ({ addresses: [address], conditions: { ready } })),
    ports: [
      { name: 'metrics', port: 1 },
      { name: 'http', port: nodes[0]?.port },
    ],
  });

  async function serveCluster(cluster: TestCluster): Promise<TestEngine & { readonly heard: DiscoveryState[] }> {
    const kubernetes = { server: `http://${cluster.address}`, token: 'bearer' };
    return serve({ discovery_type: 'kubernetes', service_name: 'shop/api:http' }, { discovery: { kubernetes } });
  }

  it('lists the slices of a service, then watches them', async () => {
    const nodes = await startNodes(3);
    const cluster = await keep(startCluster());
    cluster.put('shop/api', slice('s1', [nodes[0]!]));
    cluster.put('shop/other', slice('s1', [nodes[2]!]));
    const engine = await serveCluster(cluster);
    await untilReached(engine, nodes, [nodes[0]!]);
    expect(cluster.requests[0]?.headers.authorization).toBe('Bearer bearer');
    await eventually(() => expect(cluster.requests).toHaveLength(2), { withinMs: 2000 });
    cluster.put('shop/api', slice('s2', [nodes[1]!]));
    await untilReached(engine, nodes, [nodes[0]!, nodes[1]!]);
    cluster.put('shop/api', slice('s1', [nodes[0]!], false));
    await untilReached(engine, nodes, [nodes[1]!]);
    cluster.put('shop/api', slice('s1', [nodes[2]!]));
    cluster.remove('shop/api', 's2');
    await untilReached(engine, nodes, [nodes[2]!]);
    expect(cluster.requests).toHaveLength(2);
  });

  it('lists again when a watch has expired, and keeps the last good set while the server fails', async () => {
    const nodes = await startNodes(2);
    const cluster = await keep(startCluster());
    cluster.put('shop/api', slice('s1', [nodes[0]!]));
    const engine = await serveCluster(cluster);
    await untilReached(engine, nodes, [nodes[0]!]);
    await eventually(() => expect(cluster.requests).toHaveLength(2), { withinMs: 2000 });
    cluster.fault = 'status';
    cluster.expire();
    await eventually(() => expect(troubles(engine)).toMatchObject([{ type: 'kubernetes', state: 'failing' }]), {
      withinMs: 3000,
    });
    expect(await reached(engine, nodes)).toEqual([nodes[0]!.port]);
    cluster.put('shop/api', slice('s1', [nodes[1]!]));
    cluster.fault = null;
    await untilReached(engine, nodes, [nodes[1]!]);
    expect(troubles(engine)).toEqual([]);
  });

  it('wants the namespace in the name', async () => {
    const cluster = await keep(startCluster());
    const engine = await serveCluster(cluster);
    const upstream = { discovery_type: 'kubernetes', service_name: 'api' };
    const put = [resource('route', 'r2', { uri: '/*', upstream })];
    expect(engine.engine.apply('g1', 'revision', { put })).toMatchObject({
      faults: [{ message: expect.stringContaining('namespace/name:port') as string }],
    });
  });
});
