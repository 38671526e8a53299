import 'reflect-metadata';
import type { GatewayResource } from '@tollgate/contracts/gateway';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { eventually } from '@tollgate/testing';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createEngine, type Engine, type EngineOptions } from '../engine.ts';
import type { NoiseReason } from '../metrics.ts';
import { createCertificate, type TestCertificate } from '../testing/certificates.ts';
import { resource, socketKinds } from '../testing/index.ts';
import { refusePrivateAddresses } from '../upstream/address-guard.ts';

const running: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

let certificate: TestCertificate;
let innerCertificate: TestCertificate;
beforeAll(async () => {
  certificate = await createCertificate({ name: 'db.test' });
  innerCertificate = await createCertificate({ name: 'inner.test' });
});

/** A TCP server; by default it sends back what it gets, and its end. */
async function startServer(serve: (socket: Socket) => void = (socket) => socket.pipe(socket)): Promise<string> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function startTlsServer({ cert, key }: TestCertificate): Promise<string> {
  const server = createTlsServer({ cert, key }, (socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const stream = (id: string, address: string, more: Record<string, unknown> = {}) =>
  resource('stream_route', id, { upstream: { nodes: { [address]: 1 } }, ...more });

function put(engine: Engine, ...resources: GatewayResource[]): void {
  const settings = resource('group_settings', 'settings', { tenantId: 't1', hosts: ['api.test'] });
  const result = engine.apply('g1', 'revision', { put: [settings, ...resources] });
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
}

describe.each(socketKinds)('streams, on %s sockets', (sockets) => {
  const noise: NoiseReason[] = [];

  async function start(resources: GatewayResource[], options: Partial<EngineOptions> = {}): Promise<Engine> {
    noise.length = 0;
    const metrics = {
      observe: () => undefined,
      failure: () => undefined,
      noise: (reason: NoiseReason) => noise.push(reason),
    };
    const engine = await createEngine({ policies: [], sockets, metrics, ...options });
    put(engine, ...resources);
    running.push(() => engine.close({ withinMs: 0 }));
    return engine;
  }

  async function everything(socket: Socket): Promise<string> {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('close', resolve));
    return Buffer.concat(chunks).toString();
  }

  /** What comes back for one thing said, with the end of what is said passed on. */
  async function say(port: number, text: string): Promise<string> {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.end(text);
    return everything(socket);
  }

  function sayOverTls(port: number, servername: string, text: string, ca = certificate.cert): Promise<string> {
    const socket: TLSSocket = connectTls({
      port,
      host: '127.0.0.1',
      servername,
      ca,
      checkServerIdentity: () => undefined,
    });
    socket.write(text);
    socket.once('data', () => socket.end());
    return everything(socket);
  }

  const counted = (engine: Engine) =>
    engine.drainLedger().map(({ routeId, status, calls, billable, bytesIn, bytesOut }) => ({
      routeId,
      status,
      calls,
      billable,
      bytesIn,
      bytesOut,
    }));

  it('pass bytes and ends both ways, and each is one call with its bytes', async () => {
    const engine = await start([stream('s1', await startServer())]);
    const { port } = await engine.listenStream('tcp', { port: 0 });
    expect(await say(port, 'hello')).toBe('hello');
    expect(await say(port, '')).toBe('');
    expect(counted(engine)).toEqual([{ routeId: 's1', status: 200, calls: 2, billable: 2, bytesIn: 5, bytesOut: 5 }]);
    expect(engine.status().connections).toBe(0);
  });

  it('let the server speak first, and its end leaves the client free to go on', async () => {
    let heard = '';
    const address = await startServer((socket) => {
      socket.end('220 ready\r\n');
      socket.on('data', (data: Buffer) => (heard += data.toString()));
    });
    const engine = await start([stream('s1', address)]);
    const { port } = await engine.listenStream('tcp', { port: 0 });
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const text = await new Promise((resolve) => {
      let received = '';
      socket.on('data', (data: Buffer) => (received += data.toString()));
      socket.once('end', () => resolve(received));
    });
    expect(text).toBe('220 ready\r\n');
    socket.end('still here');
    await eventually(() => expect(heard).toBe('still here'), { withinMs: 2000 });
  });

  it('go no faster than the slower side, and lose nothing', async () => {
    const size = 24 * 1024 * 1024;
    let sent = 0;
    const address = await startServer((socket) => {
      const piece = Buffer.alloc(64 * 1024, 'x');
      const more = () => {
        while (sent < size) {
          sent += piece.length;
          if (!socket.write(piece)) return void socket.once('drain', more);
        }
        socket.end();
      };
      more();
      socket.resume();
    });
    const engine = await start([stream('s1', address)]);
    const { port } = await engine.listenStream('tcp', { port: 0 });
    const socket = connect({ port, host: '127.0.0.1' });
    socket.pause();
    let before = -1;
    await eventually(
      () => {
        const isStill = sent === before && sent > 0;
        before = sent;
        expect(isStill).toBe(true);
      },
      { withinMs: 5000 },
    );
    expect(sent).toBeLessThan(size);
    let received = 0;
    socket.on('data', (data: Buffer) => (received += data.length));
    socket.resume();
    await new Promise((resolve) => socket.once('end', resolve));
    expect(received).toBe(size);
  });

  it('are matched by port, by address of client and data plane, the closer first', async () => {
    const name = (text: string) => startServer((socket) => socket.end(text));
    const engine = await start([]);
    const [a, b, c] = [
      await engine.listenStream('tcp', { port: 0 }),
      await engine.listenStream('tcp', { port: 0 }),
      await engine.listenStream('tcp', { port: 0 }),
    ];
    put(
      engine,
      stream('any', await name('any')),
      stream('a', await name('a'), { server_port: a.port }),
      stream('b-others', await name('b-others'), { server_port: b.port, remote_addr: '192.0.2.0/24' }),
      stream('b-server', await name('b-server'), { server_port: b.port, server_addr: '192.0.2.1' }),
      stream('b', await name('b'), { server_port: b.port, remote_addr: '127.0.0.0/8', server_addr: '127.0.0.1' }),
    );
    expect([await say(a.port, ''), await say(b.port, ''), await say(c.port, '')]).toEqual(['a', 'b', 'any']);
  });

  it('that no route takes are closed, and are noise', async () => {
    const engine = await start([stream('s1', await startServer(), { remote_addr: '192.0.2.1' })]);
    const { port } = await engine.listenStream('tcp', { port: 0 });
    expect(await say(port, 'hello')).toBe('');
    expect(noise).toEqual(['stream-unmatched']);
    expect([counted(engine), engine.status().connections]).toEqual([[], 0]);
  });

  it('go to another node when one cannot be reached, and are counted with 502 when none can', async () => {
    const address = await startServer();
    const dead = '127.0.0.1:1';
    const engine = await start([
      resource('stream_route', 's1', {
        upstream: {
          nodes: [
            { host: '127.0.0.1', port: 1, weight: 1, priority: 1 },
            { host: '127.0.0.1', port: Number(address.split(':')[1]), weight: 1 },
          ],
        },
      }),
    ]);
    const { port } = await engine.listenStream('tcp', { port: 0 });
    expect(await say(port, 'hello')).toBe('hello');
    put(engine, stream('s1', dead));
    expect(await say(port, 'hello')).toBe('');
    put(engine, resource('stream_route', 's1', { upstream: { nodes: { [dead]: 0 } } }));
    expect(await say(port, 'hello')).toBe('');
    expect(counted(engine)).toMatchObject([
      { status: 200, billable: 1 },
      { status: 502, billable: 0 },
      { status: 503, billable: 0 },
    ]);
  });

  it('reach no address that the guard refuses', async () => {
    const engine = await start([stream('s1', await startServer())], { guard: refusePrivateAddresses() });
    const { port } = await engine.listenStream('tcp', { port: 0 });
    expect(await say(port, 'hello')).toBe('');
    expect(counted(engine)).toMatchObject([{ status: 403, billable: 0 }]);
  });

  it('end when nothing has passed for the time of their upstream', async () => {
    const address = await startServer();
    const timeout = { connect: 1, send: 0.1, read: 0.1 };
    const engine = await start([stream('s1', address, { upstream: { nodes: { [address]: 1 }, timeout } })]);
    const { port } = await engine.listenStream('tcp', { port: 0 });
    const socket = connect({ port, host: '127.0.0.1' });
    socket.write('hello');
    expect(await everything(socket)).toBe('hello');
  });

  it('live on when their route is changed or deleted; new ones follow the change', async () => {
    const engine = await start([stream('s1', await startServer())]);
    const { port } = await engine.listenStream('tcp', { port: 0 });
    const socket = connect({ port, host: '127.0.0.1' });
    let text = '';
    socket.on('data', (data: Buffer) => (text += data.toString()));
    socket.write('one');
    await eventually(() => expect(text).toBe('one'), { withinMs: 2000 });
    put(engine, stream('s1', await startServer((other) => other.end('new'))));
    expect(await say(port, '')).toBe('new');
    engine.apply('g1', 'revision', { delete: [{ kind: 'stream_route', id: 's1' }] });
    expect(await say(port, '')).toBe('');
    socket.write(' two');
    await eventually(() => expect(text).toBe('one two'), { withinMs: 2000 });
    socket.destroy();
  });

  it('share upstreams and services by id', async () => {
    const address = await startServer();
    const engine = await start([
      resource('upstream', 'u1', { nodes: { [address]: 1 }, scheme: 'tcp' }),
      resource('service', 'v1', { upstream_id: 'u1' }),
      resource('stream_route', 's1', { service_id: 'v1' }),
    ]);
    const { port } = await engine.listenStream('tcp', { port: 0 });
    expect(await say(port, 'hello')).toBe('hello');
    put(engine, resource('upstream', 'u1', { nodes: { [await startServer((s) => s.end('new'))]: 1 }, scheme: 'tcp' }));
    expect(await say(port, '')).toBe('new');
  });

  it('are let finish when the engine closes, and are cut after the time', async () => {
    const engine = await start([stream('s1', await startServer())]);
    const { port } = await engine.listenStream('tcp', { port: 0 });
    const [polite, stubborn] = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    const texts = [everything(polite), everything(stubborn)];
    polite.write('a');
    stubborn.write('b');
    for (const socket of [polite, stubborn]) {
      await eventually(() => expect(socket.bytesRead).toBe(1), { withinMs: 2000 });
    }
    const closed = engine.close({ withinMs: 300 });
    polite.end('c');
    expect(await Promise.all(texts)).toEqual(['ac', 'b']);
    await closed;
    expect(counted(engine)).toMatchObject([{ status: 200, calls: 2 }]);
  });

  it('beyond those of a client are closed', async () => {
    const engine = await start([stream('s1', await startServer())], { limits: { connectionsPerClient: 1 } });
    const { port } = await engine.listenStream('tcp', { port: 0 });
    const first = connect(port, '127.0.0.1');
    await eventually(() => expect(engine.status().connections).toBe(1), { withinMs: 2000 });
    expect(await say(port, 'hello')).toBe('');
    expect(noise).toEqual(['connections-client']);
    first.destroy();
  });

  describe('over TLS that ends at the port', () => {
    const ssl = () => resource('ssl', 'c1', { sni: 'db.test', cert: certificate.cert, key: certificate.key });

    it('go by server name, also to upstreams over TLS', async () => {
      const secure = await startTlsServer(innerCertificate);
      const engine = await start([
        ssl(),
        resource('ssl', 'c2', { snis: ['*.db.test'], cert: certificate.cert, key: certificate.key }),
        stream('named', await startServer(), { sni: 'db.test' }),
        resource('stream_route', 'wild', { sni: '*.db.test', upstream: { nodes: { [secure]: 1 }, scheme: 'tls' } }),
      ]);
      const { port } = await engine.listenStream('tls', { port: 0 });
      expect(await sayOverTls(port, 'db.test', 'plain inside')).toBe('plain inside');
      expect(await sayOverTls(port, 'a.db.test', 'tls inside')).toBe('tls inside');
      expect(await sayOverTls(port, 'other.test', 'x')).toBe('');
      expect(await say(port, 'no TLS at all')).toBe('');
      expect(counted(engine).map(({ routeId, status, calls }) => [routeId, status, calls])).toEqual([
        ['named', 200, 1],
        ['wild', 200, 1],
      ]);
    });

    it('are refused without the certificate that their host demands', async () => {
      const demanding = { ...ssl().value, client: { ca: certificate.cert } };
      const engine = await start([resource('ssl', 'c1', demanding), stream('s1', await startServer())]);
      const { port } = await engine.listenStream('tls', { port: 0 });
      expect(await sayOverTls(port, 'db.test', 'hello')).toBe('');
      expect(counted(engine)).toMatchObject([{ status: 400, billable: 0 }]);
    });
  });

  describe('over TLS that is passed through', () => {
    it('go by server name, wherever the first message is split; the rest goes to routes without one', async () => {
      const engine = await start([
        stream('inner', await startTlsServer(innerCertificate), { sni: 'inner.test' }),
        stream('rest', await startServer((socket) => socket.end('rest'))),
      ]);
      const { port } = await engine.listenStream('tcp', { port: 0 });
      const through = await sayOverTls(port, 'inner.test', 'hello', innerCertificate.cert);
      expect(through).toBe('hello');
      expect(await say(port, 'not TLS')).toBe('rest');
      const hello = await helloTo('inner.test');
      for (let at = 1; at < hello.length; at += 97) {
        const socket = connect({ port, host: '127.0.0.1', noDelay: true });
        socket.write(hello.subarray(0, at));
        await new Promise(setImmediate);
        socket.write(hello.subarray(at));
        const [answer] = await Promise.all([new Promise<Buffer>((resolve) => socket.once('data', resolve))]);
        // A ServerHello of the node.
        expect([answer[0], answer[5]]).toEqual([22, 2]);
        socket.destroy();
      }
    });

    it('a client that says nothing has no server name', async () => {
      const engine = await start(
        [
          stream('inner', await startTlsServer(innerCertificate), { sni: 'inner.test' }),
          stream('rest', await startServer((socket) => socket.end('rest'))),
        ],
        { limits: { streamHelloTimeoutMs: 100 } },
      );
      const { port } = await engine.listenStream('tcp', { port: 0 });
      expect(await everything(connect(port, '127.0.0.1'))).toBe('rest');
    });
  });

  /** The first message of a TLS client. */
  async function helloTo(servername: string): Promise<Buffer> {
    const hello = Promise.withResolvers<Buffer>();
    const address = await startServer((socket) => socket.once('data', hello.resolve));
    const socket = connectTls({ port: Number(address.split(':')[1]), host: '127.0.0.1', servername });
    socket.on('error', () => undefined);
    const bytes = await hello.promise;
    socket.destroy();
    return bytes;
  }
});

describe('stream routes', () => {
  const faultOf = async (value: Record<string, unknown>, isShared = false) => {
    const engine = await createEngine({ policies: [], isShared });
    running.push(() => engine.close({ withinMs: 0 }));
    const result = engine.apply('g1', 'revision', { put: [resource('stream_route', 's1', value)] });
    return result.ok ? null : result.faults[0]?.message;
  };
  const upstream = { nodes: { '127.0.0.1:1': 1 } };

  it('are refused where tenants share the data plane, as are their ports', async () => {
    expect(await faultOf({ upstream }, true)).toMatch('not allowed on a data plane that tenants share');
    const engine = await createEngine({ policies: [], isShared: true });
    await expect(engine.listenStream('tcp', { port: 0 })).rejects.toThrow('not allowed');
  });

  it.each([
    [{ upstream, plugins: { 'ip-restriction': {} } }, 'policies are not supported'],
    [{ upstream, protocol: { name: 'redis' } }, 'protocol is not supported'],
    [{ upstream: { ...upstream, scheme: 'grpc' } }, 'scheme "grpc"'],
    [{ upstream: { nodes: { 'db.test': 1 } } }, 'needs a port'],
    [{ upstream: { ...upstream, scheme: 'udp' }, sni: 'a.test' }, 'UDP has no sni'],
    [{ upstream_id: 'u1' }, 'upstream/u1, which does not exist'],
    [{ service_id: 'v1' }, 'service/v1, which does not exist'],
    [{ server_port: 80 }, 'one of upstream'],
    [{ upstream, remote_addr: 'x' }, 'Invalid'],
  ])('that cannot be served are refused with the reason: %j', async (value, reason) => {
    expect(await faultOf(value)).toMatch(reason);
  });

  it('have upstreams that calls cannot use', async () => {
    const engine = await createEngine({ policies: [] });
    running.push(() => engine.close({ withinMs: 0 }));
    const result = engine.apply('g1', 'revision', {
      put: [
        resource('upstream', 'u1', { ...upstream, scheme: 'tcp' }),
        resource('route', 'r1', { uri: '/*', upstream_id: 'u1' }),
      ],
    });
    expect(result).toMatchObject({ ok: false, faults: [{ kind: 'route', pointer: '/upstream_id' }] });
  });
});
