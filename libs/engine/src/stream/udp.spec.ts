import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { GatewayResource } from '@tollgate/contracts/gateway';
import { eventually } from '@tollgate/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EngineOptions } from '../engine.ts';
import { resource } from '../testing/index.ts';
import { refusePrivateAddresses } from '../upstream/address-guard.ts';
import { put, startStreamEngine } from './testing/stream-scene.ts';

async function bind(host = '127.0.0.1'): Promise<Socket> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  socket.bind(0, host);
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  return socket;
}

/** Answers every datagram with where it came from and what it said. */
async function startEcho(prefix = '', host = '127.0.0.1'): Promise<string> {
  const socket = await bind(host);
  socket.on('message', (datagram, from) => {
    socket.send(`${prefix}${from.port} ${datagram.toString()}`, from.port, from.address);
  });
  return `${host.includes(':') ? `[${host}]` : host}:${socket.address().port}`;
}

/** A client that remembers what it gets. */
async function startClient(port: number, host = '127.0.0.1') {
  const socket = await bind(host);
  const received: string[] = [];
  socket.on('message', (datagram) => received.push(datagram.toString()));
  return {
    received,
    async ask(text: string): Promise<string> {
      const before = received.length;
      socket.send(text, port, host);
      await eventually(() => expect(received.length).toBe(before + 1), { withinMs: 2000 });
      return received[before] ?? '';
    },
    send: (text: string) => socket.send(text, port, host),
  };
}

async function start(resources: GatewayResource[], options: Partial<EngineOptions> = {}, host = '127.0.0.1') {
  const scene = await startStreamEngine(resources, options);
  const { port } = await scene.engine.listenStream('udp', { host, port: 0 });
  return { ...scene, port };
}

const stream = (id: string, address: string, more: Record<string, unknown> = {}, timeout = 5) =>
  resource('stream_route', id, {
    upstream: { nodes: { [address]: 1 }, timeout: { connect: 1, send: timeout, read: timeout } },
    ...more,
  });

describe('UDP sessions', () => {
  it('keep the node for a client, send answers back, and are one call each', async () => {
    const { engine, port } = await start([stream('s1', await startEcho(), {}, 0.2)]);
    const [a, b] = [await startClient(port), await startClient(port)];
    const [first, second, other] = [await a.ask('one'), await a.ask('two'), await b.ask('three')];
    expect(first.split(' ')[1]).toBe('one');
    expect(second.split(' ')[0]).toBe(first.split(' ')[0]);
    expect(other.split(' ')[0]).not.toBe(first.split(' ')[0]);
    await eventually(() => expect(engine.status().connections).toBe(0), { withinMs: 2000 });
    const [row] = engine.drainLedger();
    expect(row).toMatchObject({ routeId: 's1', status: 200, calls: 2, billable: 2, bytesIn: 11 });
    expect(row?.bytesOut).toBe(first.length + second.length + other.length);
  });

  it('send what came before the node was known', async () => {
    const address = await startEcho();
    const { port } = await start([stream('s1', `localhost:${address.split(':')[1]}`)]);
    const client = await startClient(port);
    for (const text of ['a', 'b', 'c']) client.send(text);
    await eventually(() => expect(client.received.map((text) => text.split(' ')[1]).sort()).toEqual(['a', 'b', 'c']), {
      withinMs: 2000,
    });
  });

  it('go over IPv6', async () => {
    const { port } = await start([stream('s1', await startEcho('', '::1'))], {}, '::1');
    expect(await (await startClient(port, '::1')).ask('six')).toMatch(/ six$/);
  });

  it('go by port and transport, and what no route takes is noise', async () => {
    const address = await startEcho('udp ');
    const tcpOnly = resource('stream_route', 'tcp', { upstream: { nodes: { '127.0.0.1:1': 1 }, scheme: 'tcp' } });
    const { engine, port, noise } = await start([tcpOnly]);
    const client = await startClient(port);
    client.send('lost');
    await eventually(() => expect(noise).toEqual(['stream-unmatched']), { withinMs: 2000 });
    put(engine, stream('udp', address, { server_port: port }));
    expect(await client.ask('found')).toMatch(/^udp .* found$/);
  });

  it('are bounded; datagrams beyond are dropped', async () => {
    const { engine, port, noise } = await start([stream('s1', await startEcho())], { limits: { udpSessions: 1 } });
    const [a, b] = [await startClient(port), await startClient(port)];
    await a.ask('one');
    b.send('lost');
    await eventually(() => expect(noise).toEqual(['connections-full']), { withinMs: 2000 });
    expect(engine.status().connections).toBe(1);
    await a.ask('two');
  });

  it('reach no address that the guard refuses, and are counted', async () => {
    const { engine, port } = await start([stream('s1', await startEcho())], { guard: refusePrivateAddresses() });
    (await startClient(port)).send('x');
    await eventually(() => expect(engine.drainLedger()).toMatchObject([{ status: 403, billable: 0 }]), {
      withinMs: 2000,
    });
  });

  it('to a port that nobody listens on are counted with 502', async () => {
    const { engine, port } = await start([stream('s1', '127.0.0.1:1')]);
    (await startClient(port)).send('x');
    await eventually(() => expect(engine.drainLedger()).toMatchObject([{ status: 502 }]), { withinMs: 2000 });
  });

  it('live on when their route is deleted, and are cut when the engine closes', async () => {
    const { engine, port } = await start([stream('s1', await startEcho())]);
    const client = await startClient(port);
    await client.ask('one');
    engine.apply('g1', 'revision', { delete: [{ kind: 'stream_route', id: 's1' }] });
    expect(await client.ask('two')).toMatch(/ two$/);
    const closing = engine.close({ withinMs: 200 });
    expect(await client.ask('three')).toMatch(/ three$/);
    await closing;
    expect(engine.drainLedger()).toMatchObject([{ status: 200, calls: 1 }]);
  });
});
