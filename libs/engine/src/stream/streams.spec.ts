import { connect } from 'node:net';
import { eventually } from '@tollgate/testing';
import { describe, expect, it } from 'vitest';
import { resource, socketKinds } from '../testing/index.ts';
import { standsStill } from '../testing/stands-still.ts';
import { refusePrivateAddresses } from '../upstream/address-guard.ts';
import { counted, everything, put, say, startServer, startStreamEngine, streamTo } from './testing/stream-scene.ts';

describe.each(socketKinds)('streams, on %s sockets', (sockets) => {
  it('pass bytes and ends both ways, and each is one call with its bytes', async () => {
    const { engine } = await startStreamEngine([streamTo(await startServer())], { sockets });
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
    const { engine } = await startStreamEngine([streamTo(address)], { sockets });
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
    const { engine } = await startStreamEngine([streamTo(address)], { sockets });
    const { port } = await engine.listenStream('tcp', { port: 0 });
    const socket = connect({ port, host: '127.0.0.1' });
    socket.pause();
    await standsStill(() => sent);
    expect(sent).toBeLessThan(size);
    let received = 0;
    socket.on('data', (data: Buffer) => (received += data.length));
    socket.resume();
    await new Promise((resolve) => socket.once('end', resolve));
    expect(received).toBe(size);
  });

  it('are matched by port, by address of client and data plane, the closer first', async () => {
    const name = (text: string) => startServer((socket) => socket.end(text));
    const { engine } = await startStreamEngine([], { sockets });
    const [a, b, c] = [
      await engine.listenStream('tcp', { port: 0 }),
      await engine.listenStream('tcp', { port: 0 }),
      await engine.listenStream('tcp', { port: 0 }),
    ];
    put(
      engine,
      streamTo(await name('any'), 'any'),
      streamTo(await name('a'), 'a', { server_port: a.port }),
      streamTo(await name('b-others'), 'b-others', { server_port: b.port, remote_addr: '192.0.2.0/24' }),
      streamTo(await name('b-server'), 'b-server', { server_port: b.port, server_addr: '192.0.2.1' }),
      streamTo(await name('b'), 'b', { server_port: b.port, remote_addr: '127.0.0.0/8', server_addr: '127.0.0.1' }),
    );
    expect([await say(a.port, ''), await say(b.port, ''), await say(c.port, '')]).toEqual(['a', 'b', 'any']);
  });

  it('that no route takes are closed, and are noise', async () => {
    const { engine, noise } = await startStreamEngine(
      [streamTo(await startServer(), 's1', { remote_addr: '192.0.2.1' })],
      { sockets },
    );
    const { port } = await engine.listenStream('tcp', { port: 0 });
    expect(await say(port, 'hello')).toBe('');
    expect(noise).toEqual(['stream-unmatched']);
    expect([counted(engine), engine.status().connections]).toEqual([[], 0]);
  });

  it('go to another node when one cannot be reached, and are counted with 502 when none can', async () => {
    const address = await startServer();
    const dead = '127.0.0.1:1';
    const { engine } = await startStreamEngine(
      [
        resource('stream_route', 's1', {
          upstream: {
            nodes: [
              { host: '127.0.0.1', port: 1, weight: 1, priority: 1 },
              { host: '127.0.0.1', port: Number(address.split(':')[1]), weight: 1 },
            ],
          },
        }),
      ],
      { sockets },
    );
    const { port } = await engine.listenStream('tcp', { port: 0 });
    expect(await say(port, 'hello')).toBe('hello');
    put(engine, streamTo(dead));
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
    const { engine } = await startStreamEngine([streamTo(await startServer())], {
      sockets,
      guard: refusePrivateAddresses(),
    });
    const { port } = await engine.listenStream('tcp', { port: 0 });
    expect(await say(port, 'hello')).toBe('');
    expect(counted(engine)).toMatchObject([{ status: 403, billable: 0 }]);
  });

  it('end when nothing has passed for the time of their upstream', async () => {
    const address = await startServer();
    const timeout = { connect: 1, send: 0.1, read: 0.1 };
    const { engine } = await startStreamEngine(
      [streamTo(address, 's1', { upstream: { nodes: { [address]: 1 }, timeout } })],
      { sockets },
    );
    const { port } = await engine.listenStream('tcp', { port: 0 });
    const socket = connect({ port, host: '127.0.0.1' });
    socket.write('hello');
    expect(await everything(socket)).toBe('hello');
  });

  it('live on when their route is changed or deleted; new ones follow the change', async () => {
    const { engine } = await startStreamEngine([streamTo(await startServer())], { sockets });
    const { port } = await engine.listenStream('tcp', { port: 0 });
    const socket = connect({ port, host: '127.0.0.1' });
    let text = '';
    socket.on('data', (data: Buffer) => (text += data.toString()));
    socket.write('one');
    await eventually(() => expect(text).toBe('one'), { withinMs: 2000 });
    put(engine, streamTo(await startServer((other) => other.end('new'))));
    expect(await say(port, '')).toBe('new');
    engine.apply('g1', 'revision', { delete: [{ kind: 'stream_route', id: 's1' }] });
    expect(await say(port, '')).toBe('');
    socket.write(' two');
    await eventually(() => expect(text).toBe('one two'), { withinMs: 2000 });
    socket.destroy();
  });

  it('share upstreams and services by id', async () => {
    const address = await startServer();
    const { engine } = await startStreamEngine(
      [
        resource('upstream', 'u1', { nodes: { [address]: 1 }, scheme: 'tcp' }),
        resource('service', 'v1', { upstream_id: 'u1' }),
        resource('stream_route', 's1', { service_id: 'v1' }),
      ],
      { sockets },
    );
    const { port } = await engine.listenStream('tcp', { port: 0 });
    expect(await say(port, 'hello')).toBe('hello');
    put(engine, resource('upstream', 'u1', { nodes: { [await startServer((s) => s.end('new'))]: 1 }, scheme: 'tcp' }));
    expect(await say(port, '')).toBe('new');
  });

  it('are let finish when the engine closes, and are cut after the time', async () => {
    const { engine } = await startStreamEngine([streamTo(await startServer())], { sockets });
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
    const { engine, noise } = await startStreamEngine([streamTo(await startServer())], {
      sockets,
      limits: { connectionsPerClient: 1 },
    });
    const { port } = await engine.listenStream('tcp', { port: 0 });
    const first = connect(port, '127.0.0.1');
    await eventually(() => expect(engine.status().connections).toBe(1), { withinMs: 2000 });
    expect(await say(port, 'hello')).toBe('');
    expect(noise).toEqual(['connections-client']);
    first.destroy();
  });
});
