import { afterEach, describe, expect, it } from 'vitest';
import { refusePrivateAddresses } from './address-guard.ts';
import { resource, send, startEngine, startNameServer, startUpstream, type TestNameServer } from '../testing/index.ts';

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const part of running.splice(0).reverse()) await part.stop();
});

async function startServer(name: string, a: readonly string[]): Promise<TestNameServer> {
  const server = await startNameServer({ [name]: { a } });
  running.push(server);
  return server;
}

describe('nodes with names', () => {
  it('are spread over their addresses, and one that fails is passed over', async () => {
    const one = await startUpstream((_request, response) => response.setHeader('connection', 'close').end());
    const other = await startUpstream((_request, response) => response.setHeader('connection', 'close').end(), {
      host: '127.0.0.2',
      port: one.port,
    });
    running.push(one, other);
    const name = await startServer('api.internal', ['127.0.0.1', '127.0.0.2', '127.0.0.3']);
    const engine = await startEngine(
      { policies: [], dns: { servers: [name.address] } },
      {
        revision: [resource('route', 'r', { uri: '/*', upstream: { nodes: { [`api.internal:${one.port}`]: 1 } } })],
      },
    );
    running.push(engine);
    for (let index = 0; index < 6; index++) expect((await send(engine.port, '/')).status).toBe(200);
    expect(one.requests.length + other.requests.length).toBe(6);
    expect(Math.min(one.requests.length, other.requests.length)).toBeGreaterThan(1);
    // Two questions (A and AAAA) for six calls.
    expect(name.questions).toHaveLength(2);
  });

  it('are refused where they resolve to forbidden addresses only, and use what is left otherwise', async () => {
    const upstream = await startUpstream();
    running.push(upstream);
    const server = await startServer('half.internal', ['10.1.2.3', '127.0.0.1']);
    server.zone.set('bad.internal', { a: ['10.1.2.3', '169.254.169.254'] });
    const routeTo = (id: string, host: string) =>
      resource('route', id, { uri: `/${id}`, upstream: { nodes: { [`${host}:${upstream.port}`]: 1 } } });
    const engine = await startEngine(
      { policies: [], dns: { servers: [server.address] }, guard: refusePrivateAddresses(['127.0.0.0/8']) },
      { revision: [routeTo('half', 'half.internal'), routeTo('bad', 'bad.internal')] },
    );
    running.push(engine);
    expect((await send(engine.port, '/half')).status).toBe(200);
    expect((await send(engine.port, '/bad')).json()).toMatchObject({ code: 'gateway.upstream_address_refused' });
  });

  it('that do not exist are answered 502', async () => {
    const server = await startServer('x', []);
    const engine = await startEngine(
      { policies: [], dns: { servers: [server.address] } },
      { revision: [resource('route', 'r', { uri: '/*', upstream: { nodes: { 'none.internal:1': 1 } } })] },
    );
    running.push(engine);
    expect((await send(engine.port, '/')).json()).toMatchObject({ code: 'gateway.upstream_failed' });
  });
});
