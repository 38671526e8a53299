import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataPlane, GatewayGroup } from '@tollgate/contracts/rest/gateway';
import { eventually } from '@tollgate/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import {
  type RequestOptions,
  type RunningGatewayManager,
  startGatewayManager,
} from '../testing/start-gateway-manager.ts';
import { type DataPlaneProcess, startDataPlane } from './testing/data-plane-process.ts';
import { type LinkScene, manyEnrolments, setScene } from './testing/link-scene.ts';

const withinMs = 15_000;
/** A test starts a process and waits for several things, each within its time. */
const timeout = 90_000;

let manager: RunningGatewayManager;
let scene: LinkScene;
let stateDir: string;
let plane: DataPlaneProcess | undefined;
const servers: Server[] = [];
const datagramSockets: DatagramSocket[] = [];

beforeAll(async () => {
  manager = await startGatewayManager(inject('databaseUrl'), { ...manyEnrolments, LINK_HEARTBEAT_INTERVAL_MS: '300' });
});
afterAll(() => manager.close());
beforeEach(async () => {
  scene = await setScene(manager);
  stateDir = await mkdtemp(join(tmpdir(), 'tollgate-dp-'));
});
afterEach(async () => {
  await plane?.end('SIGKILL');
  plane = undefined;
  await Promise.all(servers.splice(0).map(close));
  for (const socket of datagramSockets.splice(0)) socket.close();
  await rm(stateDir, { recursive: true });
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const close = (server: Server) => new Promise((resolve) => server.close(resolve));

function serve(server: Server): Promise<number> {
  servers.push(server);
  return listen(server);
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await close(server);
  return port;
}

/** All that comes back for what is said; nothing when the connection is closed at once, in order or not. */
async function say(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(text);
  let answer = '';
  socket.on('data', (data: Buffer) => (answer += data.toString()));
  await new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve));
  return answer;
}

async function bindDatagrams(): Promise<DatagramSocket> {
  const socket = createSocket('udp4');
  datagramSockets.push(socket);
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

async function start(env: Record<string, string> = {}): Promise<DataPlaneProcess> {
  plane = await startDataPlane({
    TOLLGATE_LINK_URL: scene.client.url,
    TOLLGATE_STATE_DIR: stateDir,
    TOLLGATE_ENROL_TOKEN: (await scene.createToken()).token,
    GATEWAY_WORKERS: '1',
    ...env,
  });
  return plane;
}

async function request<T>(path: string, options: Omit<RequestOptions, 'tenantId'> = {}): Promise<T> {
  const { tenantId } = scene.tenant;
  const at = `/api/v1/gateway-groups/${scene.group.id}${path}`;
  const answer = await manager.request<T>(at, { ...options, tenantId });
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
}

const put = (path: string, value: object) => request(path, { method: 'PUT', body: { value } });

/** Publishes the whole group; resolves when the data plane has the revision in force. */
async function publish(to: DataPlaneProcess): Promise<void> {
  const { revision: baseRevision } = await request<GatewayGroup>('');
  const { revision } = await request<{ revision: number }>('/publish', { body: { baseRevision } });
  await eventually(async () => expect((await to.status()).groups).toMatchObject([{ revision }]), { withinMs });
}

describe('a linked data plane', { timeout }, () => {
  it('passes bytes on by a stream route that was drafted and published, and no more when it was removed', async () => {
    const nodePort = await serve(createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket)));
    const port = await freePort();
    const gateway = await start({ GATEWAY_STREAM_TCP_PORTS: String(port) });
    await put('/upstreams/echo', { scheme: 'tcp', nodes: { [`127.0.0.1:${nodePort}`]: 1 } });
    await put('/stream-routes/echo', { server_port: port, upstream_id: 'echo' });
    expect(await say(port, 'a draft')).toBe('');

    await publish(gateway);
    expect(await say(port, 'in force')).toBe('in force');
    const large = 'x'.repeat(1_000_000);
    expect((await say(port, large)) === large).toBe(true);

    const open = connect(port, '127.0.0.1');
    const heard: string[] = [];
    open.setEncoding('utf8').on('data', (text: string) => heard.push(text));
    open.write('before');
    await eventually(() => expect(heard.join('')).toBe('before'), { withinMs });
    await request('/stream-routes/echo', { method: 'DELETE', ifMatch: 1 });
    expect(await say(port, 'still')).toBe('still');
    await publish(gateway);
    expect(await say(port, 'removed')).toBe('');
    open.write(', after');
    await eventually(() => expect(heard.join('')).toBe('before, after'), { withinMs });
    open.destroy();

    await request('/rollback', { body: { toRevision: 2 } });
    await eventually(async () => expect(await say(port, 'back')).toBe('back'), { withinMs });
  });

  it('serves a stream route for UDP beside one for TCP at the same port', async () => {
    const names = await bindDatagrams();
    names.on('message', (message, { port: from }) => names.send(`udp ${message.toString()}`, from, '127.0.0.1'));
    const transfer = createServer({ allowHalfOpen: true }, (socket) => socket.end('tcp'));
    const port = await freePort();
    const gateway = await start({ GATEWAY_STREAM_TCP_PORTS: String(port), GATEWAY_STREAM_UDP_PORTS: String(port) });
    await put('/upstreams/names', { scheme: 'udp', nodes: { [`127.0.0.1:${names.address().port}`]: 1 } });
    await put('/services/names', { upstream_id: 'names' });
    await put('/stream-routes/names', { server_port: port, service_id: 'names' });
    const nodes = { [`127.0.0.1:${await serve(transfer)}`]: 1 };
    await put('/stream-routes/transfer', { server_port: port, upstream: { scheme: 'tcp', nodes } });
    await publish(gateway);
    expect(await say(port, '')).toBe('tcp');
    const client = await bindDatagrams();
    client.send('question', port, '127.0.0.1');
    const [answer] = (await once(client, 'message')) as [Buffer];
    expect(answer.toString()).toBe('udp question');
  });

  it('closes the connections of a stream route whose upstream was removed by force, and stays in step', async () => {
    const nodePort = await serve(createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket)));
    const port = await freePort();
    const gateway = await start({ GATEWAY_STREAM_TCP_PORTS: String(port) });
    await put('/upstreams/echo', { nodes: { [`127.0.0.1:${nodePort}`]: 1 } });
    await put('/stream-routes/echo', { server_port: port, upstream_id: 'echo' });
    await publish(gateway);
    expect(await say(port, 'in force')).toBe('in force');
    await request('/upstreams/echo?force=true', { method: 'DELETE', ifMatch: 1 });
    await publish(gateway);
    expect(await say(port, 'nowhere')).toBe('');
    await eventually(
      async () => {
        const path = `/api/v1/data-planes/${(await gateway.status()).dataPlaneId}`;
        const seen = await manager.request<DataPlane>(path, { tenantId: scene.tenant.tenantId });
        expect(seen.body.groups).toMatchObject([{ revision: 3, refusal: null }]);
      },
      { withinMs },
    );
  });

  it('leaves out a node that fails as soon as the settings of its group say so', async () => {
    const broken = createHttpServer((_request, response) => response.writeHead(500).end());
    const whole = createHttpServer((_request, response) => response.end('ok'));
    const nodes = { [`127.0.0.1:${await serve(broken)}`]: 1, [`127.0.0.1:${await serve(whole)}`]: 1 };
    const host = scene.group.hosts[0] ?? '';
    const gateway = await start();
    const never = { http_failures: 0, tcp_failures: 0, timeouts: 0 };
    await put('/routes/all', { uri: '/*', upstream: { nodes, checks: { passive: { unhealthy: never } } } });
    await publish(gateway);
    const statuses = async () => {
      const calls = Array.from({ length: 10 }, async () => (await gateway.call(host, '/')).status);
      return new Set(await Promise.all(calls));
    };
    expect(await statuses()).toEqual(new Set([200, 500]));
    expect(await statuses()).toEqual(new Set([200, 500]));

    const upstreams = { ejection: { failures: 1, baseSeconds: 3600, maxSeconds: 3600 } };
    await request('', { method: 'PATCH', body: { upstreams }, ifMatch: 1 });
    expect(await statuses()).toEqual(new Set([200, 500]));
    await publish(gateway);
    await statuses();
    expect(await statuses()).toEqual(new Set([200]));
  });
});
