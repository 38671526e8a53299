import { eventually } from '@tollgate/testing';
import { describe, expect, it } from 'vitest';
import { resource, startCluster, type TestCluster, type TestInstance } from '../testing/index.ts';
import { keep } from '../testing/keep.ts';
import {
  type DiscoveringEngine,
  reached,
  serve,
  startNodes,
  troubles,
  untilReached,
} from './testing/discovery-scene.ts';

describe('kubernetes', () => {
  const slice = (name: string, nodes: readonly TestInstance[], ready = true) => ({
    metadata: { name },
    endpoints: nodes.map(({ address }) => ({ addresses: [address], conditions: { ready } })),
    ports: [
      { name: 'metrics', port: 1 },
      { name: 'http', port: nodes[0]?.port },
    ],
  });

  async function serveCluster(cluster: TestCluster): Promise<DiscoveringEngine> {
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
