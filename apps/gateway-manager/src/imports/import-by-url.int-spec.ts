import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@tollgate/contracts/rest';
import type { DraftResource, GatewayGroup, ImportResult } from '@tollgate/contracts/rest/gateway';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { stringify } from 'yaml';
import {
  type RunningGatewayManager,
  type SampleTenant,
  startGatewayManager,
} from '../testing/start-gateway-manager.ts';

const document = {
  openapi: '3.0.3',
  info: { title: 'Pets' },
  servers: [{ url: 'https://pets.example.com/v1' }],
  paths: { '/pets': { get: { operationId: 'list' } } },
};

/** What the server of the suite answers, by path. */
const answers: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  '/pets.json': (_request, response) => response.end(JSON.stringify(document)),
  '/pets.yaml': (_request, response) => response.setHeader('content-type', 'image/png').end(stringify(document)),
  '/moved': (_request, response) => response.writeHead(302, { location: '/pets.json' }).end(),
  '/round': (_request, response) => response.writeHead(302, { location: '/round' }).end(),
  '/metadata': (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
  '/large': (_request, response) => response.end(' '.repeat(1024 * 1024 + 1)),
  '/broken': (_request, response) => response.socket?.destroy(),
  '/html': (_request, response) => response.end('<html><body>Log in</body></html>'),
};

let server: Server;
let asked: string[] = [];
/** Allows the loopback address of the suite’s server, nothing else. */
let open: RunningGatewayManager;
/** As the service is when nothing is said. */
let guarded: RunningGatewayManager;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const answer = answers[request.url ?? ''];
    if (answer === undefined) response.writeHead(404).end();
    else answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open = await startGatewayManager(inject('databaseUrl'), { EGRESS_ALLOWED_RANGES: '127.0.0.1' });
  guarded = await startGatewayManager(inject('databaseUrl'));
});
afterAll(async () => {
  await Promise.all([open.close(), guarded.close()]);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const urlOf = (path: string, host = '127.0.0.1') => `http://${host}:${(server.address() as AddressInfo).port}${path}`;

async function place(manager: RunningGatewayManager) {
  asked = [];
  const tenant: SampleTenant = await manager.addTenant();
  const group: GatewayGroup = await manager.addGroup(tenant);
  const { tenantId } = tenant;
  const at = `/api/v1/gateway-groups/${group.id}`;
  return {
    run: (body: object, query = '') => manager.request<ImportResult>(`${at}/imports${query}`, { tenantId, body }),
    routes: async () => (await manager.request<Page<DraftResource>>(`${at}/routes`, { tenantId })).body.items,
  };
}

describe('a document at an address', () => {
  it.each(['/pets.json', '/pets.yaml', '/moved'])(
    'as %s is imported like its text, whatever its type',
    async (path) => {
      const { run, routes } = await place(open);
      const preview = await run({ url: urlOf(path) }, '?dryRun=true');
      expect(preview).toMatchObject({ status: 200, body: { serviceId: 'pets', added: 3 } });
      expect(await routes()).toEqual([]);
      const { body } = await run({ url: urlOf(path) });
      expect(body).toEqual(preview.body);
      expect(await routes()).toHaveLength(1);
      expect((await run({ document: JSON.stringify(document) })).body).toMatchObject({ unchanged: 3, changes: [] });
    },
  );

  it.each([
    ['/none', 'gateway.document_not_found', /status 404/],
    ['/round', 'gateway.document_unreachable', /redirects more than 3 times/],
    ['/broken', 'gateway.document_unreachable', /connection broke/],
    ['/metadata', 'gateway.document_address_refused', /169\.254\.169\.254 is not an address/],
    ['/large', 'gateway.document_too_large', /text instead/],
  ])('as %s is refused with %s', async (path, code, message) => {
    const { run, routes } = await place(open);
    expect(await run({ url: urlOf(path) })).toMatchObject({
      status: 400,
      body: { code, errors: [{ pointer: '/url', message: expect.stringMatching(message) as unknown }] },
    });
    expect(await routes()).toEqual([]);
    if (path === '/round') expect(asked).toHaveLength(4);
  });

  it('that is something else, or that nobody serves, is told so', async () => {
    const { run } = await place(open);
    expect(await run({ url: urlOf('/html') })).toMatchObject({
      status: 400,
      body: { code: 'gateway.document_invalid', errors: [{ pointer: '/document' }] },
    });
    expect(await run({ url: 'http://127.0.0.1:1/' })).toMatchObject({
      status: 400,
      body: { code: 'gateway.document_unreachable' },
    });
  });

  it('is an alternative to its text: one of both, by http or https', async () => {
    const { run } = await place(open);
    for (const body of [
      {},
      { document: '{}', url: urlOf('/pets.json') },
      { url: 'file:///etc/passwd' },
      { url: 'ftp://127.0.0.1/pets.json' },
    ]) {
      expect(await run(body)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    }
    expect(asked).toEqual([]);
  });
});

describe('the egress guard', () => {
  it.each([
    ['a loopback address', () => urlOf('/pets.json')],
    ['a name of one', () => urlOf('/pets.json', 'localhost')],
    ['an IPv6 form of one', () => urlOf('/pets.json', '[::ffff:127.0.0.1]')],
    ['a private address', () => 'http://10.0.0.1/pets.json'],
    ['a link-local address', () => 'http://169.254.1.1/pets.json'],
    ['a metadata service', () => 'http://169.254.169.254/latest/meta-data'],
    ['an address with a password', () => 'http://a:b@example.com/pets.json'],
  ])('refuses %s unless the operator allows it, and asks nobody', async (_name, url) => {
    const { run } = await place(guarded);
    expect(await run({ url: url() })).toMatchObject({
      status: 400,
      body: { code: 'gateway.document_address_refused', errors: [{ pointer: '/url' }] },
    });
    expect(asked).toEqual([]);
  });
});
