import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@tollgate/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { loadGatewayConfig } from './config.ts';
import { type RunningGateway, startGateway } from './gateway.ts';

const anyPorts = { GATEWAY_HTTP_PORT: '0', GATEWAY_HTTPS_PORT: '0', GATEWAY_STATUS_PORT: '0', LOG_LEVEL: 'silent' };

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What a header of version 2 begins with. */
const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n');

/** All that comes back for what is said. */
async function say(port: number, text: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(text);
  let answer = '';
  socket.on('data', (data: Buffer) => (answer += data.toString()));
  // A connection that is cut off while something is on its way to it is reset.
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('close', resolve));
  return answer;
}

describe('a stand-alone gateway', () => {
  let folder: string;
  let file: string;
  let gateway: RunningGateway | undefined;
  let echo: Server;
  let echoPort: number;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tollgate-listening-'));
    file = join(folder, 'gateway.yaml');
    echo = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
    echoPort = await listen(echo);
  });
  afterEach(async () => {
    await gateway?.close();
    gateway = undefined;
    await rm(folder, { recursive: true });
    await new Promise((resolve) => echo.close(resolve));
  });

  async function start(group: Record<string, unknown>, env: Record<string, string>): Promise<RunningGateway> {
    await write(group);
    gateway = await startGateway(loadGatewayConfig(['--config', file], { ...anyPorts, ...env }));
    return gateway;
  }

  const write = (group: Record<string, unknown>) =>
    writeFile(file, stringify({ groups: [{ id: 'local', settings: { hosts: ['api.test'] }, ...group }] }));

  it('passes streams on by the routes of its file, and follows their changes', async () => {
    const port = await freePort();
    const route = { id: 's1', server_port: port, upstream: { nodes: { [`127.0.0.1:${echoPort}`]: 1 } } };
    await start({ stream_routes: [route] }, { GATEWAY_STREAM_TCP_PORTS: String(port) });
    expect(await say(port, 'hello')).toBe('hello');
    await write({ stream_routes: [] });
    await eventually(async () => expect(await say(port, 'hello')).toBe(''), { withinMs: 5000 });
  });

  it('reads the PROXY protocol where it is told to', async () => {
    const routes = [{ id: 'r1', uri: '/*', remote_addr: '203.0.113.7' }];
    const proxy = { GATEWAY_PROXY_PROTOCOL: 'on', GATEWAY_PROXY_PROTOCOL_FROM: '127.0.0.1, ::1' };
    const { urls } = await start({ routes }, proxy);
    const port = Number(new URL(urls.http).port);
    const request = 'GET / HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n';
    const statusFor = async (client: string) =>
      (await say(port, `PROXY TCP4 ${client} 127.0.0.1 1 2\r\n${request}`)).split(' ')[1];
    expect([await statusFor('203.0.113.7'), await statusFor('203.0.113.8')]).toEqual(['503', '404']);
  });

  it('reads the PROXY protocol of versions 1 and 2 on stream ports where it is told to, and passes on what follows', async () => {
    const port = await freePort();
    const upstream = { nodes: { [`127.0.0.1:${echoPort}`]: 1 } };
    const route = { id: 's1', server_port: port, remote_addr: '203.0.113.0/24', upstream };
    const proxy = { GATEWAY_STREAM_PROXY_PROTOCOL: 'on', GATEWAY_PROXY_PROTOCOL_FROM: '127.0.0.1' };
    const { urls } = await start(
      { routes: [{ id: 'r1', uri: '/*' }], stream_routes: [route] },
      { ...proxy, GATEWAY_STREAM_TCP_PORTS: String(port) },
    );
    const version2 = (lastByte: number) =>
      Buffer.from([...signature, 0x21, 0x11, 0, 12, 203, 0, 113, lastByte, 127, 0, 0, 1, 0, 1, 0, 2]);
    expect(await say(port, 'PROXY TCP4 203.0.113.7 127.0.0.1 1 2\r\nhello')).toBe('hello');
    expect(await say(port, Buffer.concat([version2(7), Buffer.from('hello')]))).toBe('hello');
    // Not the route's client; no header.
    expect(await say(port, 'PROXY TCP4 203.0.114.7 127.0.0.1 1 2\r\nhello')).toBe('');
    expect(await say(port, 'hello')).toBe('');
    // The HTTP port has a switch of its own.
    const request = 'GET / HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n';
    expect(await say(Number(new URL(urls.http).port), request)).toMatch(/^HTTP\/1\.1 503 /);
  });
});

describe('settings for listening', () => {
  const load = (env: Record<string, string>) => loadGatewayConfig(['--config', 'x'], env);

  it('that cannot be are refused with the name of the variable', () => {
    expect(() => load({ GATEWAY_PROXY_PROTOCOL: 'on' })).toThrow('GATEWAY_PROXY_PROTOCOL_FROM');
    expect(() => load({ GATEWAY_STREAM_PROXY_PROTOCOL: 'on' })).toThrow('GATEWAY_STREAM_PROXY_PROTOCOL=on needs');
    expect(() => load({ GATEWAY_PROXY_PROTOCOL_FROM: '10.0.0.0/8, x' })).toThrow('GATEWAY_PROXY_PROTOCOL_FROM');
    expect(() => load({ GATEWAY_STREAM_TCP_PORTS: '1, 65536' })).toThrow('GATEWAY_STREAM_TCP_PORTS');
    expect(() => load({ GATEWAY_CONNECTIONS: '0' })).toThrow('GATEWAY_CONNECTIONS');
    expect(load({ GATEWAY_STREAM_UDP_PORTS: '53, 5353' }).GATEWAY_STREAM_UDP_PORTS).toEqual([53, 5353]);
  });
});
