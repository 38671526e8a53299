import { eventually } from '@tollgate/testing';
import { describe, expect, it } from 'vitest';
import { send, startNameServer, startUpstream } from '../testing/index.ts';
import { keep } from '../testing/keep.ts';
import { reached, serve, startNodes, troubles, untilReached } from './testing/discovery-scene.ts';

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
