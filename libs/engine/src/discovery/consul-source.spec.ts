import { eventually } from '@tollgate/testing';
import { describe, expect, it } from 'vitest';
import { resource, send, startConsul, startUpstream } from '../testing/index.ts';
import { keep } from '../testing/keep.ts';
import { reached, serve, startNodes, troubles, untilReached } from './testing/discovery-scene.ts';

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
