import 'reflect-metadata';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { eventually } from '@tollgate/testing';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EngineLimits } from '../execute/limits.ts';
import type { NoiseReason } from '../metrics.ts';
import { createCertificate, type TestCertificate } from '../testing/certificates.ts';
import { resource, send, socketKinds, startEngine, startUpstream, type TestEngine } from '../testing/index.ts';

describe.each(socketKinds)('open connections, on %s sockets', (sockets) => {
  const running: { stop(): Promise<void> }[] = [];
  const noise: NoiseReason[] = [];
  let certificate: TestCertificate;
  beforeAll(async () => {
    certificate = await createCertificate({ name: 'one.test' });
  });
  afterEach(async () => {
    for (const part of running.splice(0).reverse()) await part.stop();
    noise.length = 0;
  });

  async function start(limits: Partial<EngineLimits>, isShared = false): Promise<TestEngine> {
    const upstream = await startUpstream();
    const metrics = {
      observe: () => undefined,
      failure: () => undefined,
      noise: (reason: NoiseReason) => noise.push(reason),
    };
    const route = resource('route', 'r1', { uri: '/*', upstream: { nodes: { [upstream.address]: 1 } } });
    const { cert, key } = certificate;
    const engine = await startEngine(
      { policies: [], sockets, metrics, limits, isShared },
      { id: 'g1', hosts: ['one.test'], revision: [route, resource('ssl', 'c1', { sni: 'one.test', cert, key })] },
      { id: 'g2', hosts: ['two.test'], revision: [route] },
    );
    running.push(upstream, engine);
    return engine;
  }

  /** An open connection, and what comes on it. */
  function open(port: number): { socket: Socket; text: () => string; isClosed: () => boolean } {
    const socket = connect(port, '127.0.0.1');
    let [text, isClosed] = ['', false];
    socket.on('data', (data) => (text += data.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => (isClosed = true));
    return { socket, text: () => text, isClosed: () => isClosed };
  }

  async function ask(connection: ReturnType<typeof open>, host: string): Promise<string> {
    const before = connection.text().length;
    connection.socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    await eventually(() => expect(connection.text().slice(before)).toMatch(/\r\n\r\n.*\}$/s), { withinMs: 2000 });
    return connection.text().slice(before);
  }

  const openCount = (engine: TestEngine) => engine.engine.status().connections;

  it('beyond those of the process are closed at once; room that is given up is taken again', async () => {
    const engine = await start({ connections: 2 });
    const [first, second] = [open(engine.port), open(engine.port)];
    await eventually(() => expect(openCount(engine)).toBe(2), { withinMs: 2000 });
    const third = open(engine.port);
    await eventually(() => expect(third.isClosed()).toBe(true), { withinMs: 2000 });
    expect(noise).toEqual(['connections-full']);
    expect(await ask(first, 'one.test')).toMatch(/ 200 /);
    second.socket.destroy();
    await eventually(() => expect(openCount(engine)).toBe(1), { withinMs: 2000 });
    expect((await send(engine.port, '/', { host: 'one.test' })).status).toBe(200);
  });

  it('beyond those of a client get 429 with their first request, whatever its host, and are closed', async () => {
    const engine = await start({ connectionsPerClient: 1 });
    const first = open(engine.port);
    await eventually(() => expect(openCount(engine)).toBe(1), { withinMs: 2000 });
    for (const host of ['one.test', 'unknown.test']) {
      const answer = await send(engine.port, '/', { host });
      expect(answer).toMatchObject({ status: 429, headers: { connection: 'close' } });
      expect(answer.json()).toMatchObject({ code: 'gateway.too_many_connections' });
    }
    expect(noise.filter((reason) => reason === 'connections-client')).toHaveLength(2);
    expect(engine.engine.drainLedger()).toEqual([]);
    first.socket.destroy();
    await eventually(() => expect(openCount(engine)).toBe(0), { withinMs: 2000 });
    expect((await send(engine.port, '/', { host: 'one.test' })).status).toBe(200);
  });

  it('over TLS beyond those of a client are closed before the handshake', async () => {
    const engine = await start({ connectionsPerClient: 1 });
    const { port } = await engine.engine.listenHttps({ port: 0 });
    const first = connectTls({ port, servername: 'one.test', ca: certificate.cert });
    await new Promise((resolve) => first.once('secureConnect', resolve));
    const second = open(port);
    await eventually(() => expect(second.isClosed()).toBe(true), { withinMs: 2000 });
    expect(noise).toEqual(['connections-client']);
    first.destroy();
    await eventually(() => expect(openCount(engine)).toBe(0), { withinMs: 2000 });
  });

  it('beyond those of a tenant get 503 on a shared data plane; others are not touched', async () => {
    const engine = await start({ connectionsPerTenant: 1 }, true);
    const [first, second] = [open(engine.port), open(engine.port)];
    expect(await ask(first, 'one.test')).toMatch(/ 200 /);
    expect(await ask(first, 'one.test')).toMatch(/ 200 /);
    expect(await ask(second, 'one.test')).toMatch(/ 503 .*gateway\.tenant_connections_exhausted/s);
    await eventually(() => expect(second.isClosed()).toBe(true), { withinMs: 3000 });
    expect(noise).toEqual(['connections-tenant']);
    expect((await send(engine.port, '/', { host: 'two.test' })).status).toBe(200);
    first.socket.destroy();
    await eventually(() => expect(openCount(engine)).toBe(0), { withinMs: 2000 });
    expect((await send(engine.port, '/', { host: 'one.test' })).status).toBe(200);
  });

  it('of the one tenant of a data plane have no bound of their own', async () => {
    const engine = await start({ connectionsPerTenant: 1 });
    const connections = [open(engine.port), open(engine.port)];
    for (const connection of connections) expect(await ask(connection, 'one.test')).toMatch(/ 200 /);
    for (const { socket } of connections) socket.destroy();
  });
});
