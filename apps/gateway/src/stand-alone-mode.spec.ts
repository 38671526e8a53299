import { once } from 'node:events';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, request as plainRequest, type Server } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@tollgate/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { loadGatewayConfig } from './config.ts';
import { type RunningGateway, startGateway } from './gateway.ts';

const ports = { GATEWAY_HTTP_PORT: '0', GATEWAY_HTTPS_PORT: '0', GATEWAY_STATUS_PORT: '0' };

let upstream: Server;
let release: (() => void) | undefined;
let folder: string;
let file: string;
let gateway: RunningGateway | undefined;

beforeAll(async () => {
  upstream = createServer((request, response) => {
    if (request.url === '/slow') release = () => response.end('done');
    else response.end('hello');
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => upstream.close(resolve)));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-stand-alone-'));
  file = join(folder, 'gateway.yaml');
});
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
  await rm(folder, { recursive: true });
});

const contentWith = (...uris: string[]) =>
  stringify({
    groups: [
      {
        id: 'local',
        settings: { hosts: ['api.test'] },
        upstreams: [{ id: 'u1', nodes: { [`127.0.0.1:${(upstream.address() as AddressInfo).port}`]: 1 } }],
        routes: uris.map((uri, index) => ({ id: `r${index}`, uri, upstream_id: 'u1' })),
      },
    ],
  });

async function start(content: string, port = 0): Promise<RunningGateway> {
  await writeFile(file, content);
  const config = loadGatewayConfig(['--config', file], {
    ...ports,
    GATEWAY_HTTP_PORT: String(port),
    LOG_LEVEL: 'silent',
    DRAIN_MS: '5000',
  });
  gateway = await startGateway(config);
  return gateway;
}

function call({ urls }: RunningGateway, path: string, scheme: 'http' | 'https' = 'http'): Promise<number> {
  const { hostname, port } = new URL(urls[scheme]);
  const options = { hostname, port, path, headers: { host: 'api.test' }, agent: false, rejectUnauthorized: false };
  return new Promise((resolve, reject) => {
    (scheme === 'http' ? plainRequest : tlsRequest)(options, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    })
      .on('error', reject)
      .end();
  });
}

const page = ({ urls }: RunningGateway, path: string) => fetch(`${urls.status}${path}`);

describe('a stand-alone data plane', () => {
  it('serves its file over HTTP and, with a certificate of its own making, HTTPS', async () => {
    const running = await start(contentWith('/hello'));
    expect(await call(running, '/hello')).toBe(200);
    expect(await call(running, '/hello', 'https')).toBe(200);
    expect(await call(running, '/other')).toBe(404);
  });

  it('follows changes of the file, written in place or put in its place', async () => {
    const running = await start(contentWith('/one'));
    await writeFile(file, contentWith('/two'));
    await eventually(async () => expect(await call(running, '/two')).toBe(200), { withinMs: 5_000 });
    expect(await call(running, '/one')).toBe(404);
    await writeFile(`${file}.new`, contentWith('/three'));
    await rename(`${file}.new`, file);
    await eventually(async () => expect(await call(running, '/three')).toBe(200), { withinMs: 5_000 });
  });

  it('answers nobody before its file is in force', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const known = { urls: { http: `http://127.0.0.1:${port}` } } as RunningGateway;
    const answers: unknown[] = [];
    const starting = start(contentWith(...Array.from({ length: 3_000 }, (_, index) => `/r${index}`)), port);
    let isStarted = false;
    void starting.finally(() => (isStarted = true)).catch(() => undefined);
    while (!isStarted) answers.push(await call(known, '/r2999').catch((cause: { code: string }) => cause.code));
    await starting;
    answers.push(await call(known, '/r2999'));
    expect([...new Set(answers)]).toEqual(['ECONNREFUSED', 200]);
  });

  it('keeps serving the last good file when a change is refused, and takes the next good one', async () => {
    const running = await start(contentWith('/one'));
    await writeFile(file, 'groups: [{ id: local, settings: { hosts: [] } }]');
    await writeFile(`${file}.new`, contentWith('/one', '/two'));
    expect(await call(running, '/one')).toBe(200);
    await rename(`${file}.new`, file);
    await eventually(async () => expect(await call(running, '/two')).toBe(200), { withinMs: 5_000 });
  });

  it('does not start with a file that cannot be served, and says where it is wrong', async () => {
    const broken = contentWith('/x').replace('u1\n', 'gone\n');
    await expect(start(broken)).rejects.toThrow(/r0|gone/);
  });

  it('shows health, readiness, metrics and state on the status port', async () => {
    const running = await start(contentWith('/hello'));
    expect((await page(running, '/healthz')).status).toBe(200);
    expect((await page(running, '/readyz')).status).toBe(200);
    expect(await (await page(running, '/metrics')).text()).toContain('process_cpu_seconds_total');
    expect(await (await page(running, '/status')).json()).toMatchObject({ mode: 'stand-alone' });
    expect((await page(running, '/other')).status).toBe(404);
  });

  it('lets a call under way finish when it closes, and is not ready meanwhile', async () => {
    const running = await start(contentWith('/slow'));
    const slow = call(running, '/slow');
    await eventually(() => expect(release).toBeDefined(), { withinMs: 5_000 });
    const closed = running.close();
    gateway = undefined;
    expect((await page(running, '/readyz')).status).toBe(503);
    release?.();
    expect(await slow).toBe(200);
    await closed;
  });
});

describe('the environment', () => {
  it('names what is wrong without showing it', () => {
    const env = { TOLLGATE_LINK_URL: 'http://not-https', GATEWAY_HTTP_PORT: 'ninety' };
    expect(() => loadGatewayConfig([], env)).toThrow(/TOLLGATE_LINK_URL.*\n.*GATEWAY_HTTP_PORT/);
    expect(() => loadGatewayConfig([], env)).not.toThrow(/ninety/);
  });

  it('needs a link or a file', () => {
    expect(() => loadGatewayConfig([], {})).toThrow(/TOLLGATE_LINK_URL/);
  });
});
