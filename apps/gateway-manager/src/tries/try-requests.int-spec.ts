import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceClient, ServiceTokens } from '@tollgate/auth';
import { newId } from '@tollgate/contracts';
import {
  auditEntryRecorded,
  credentialIssued,
  credentialRevoked,
  planVersionPublished,
  productPublished,
  subscriptionApproved,
} from '@tollgate/contracts/events';
import { type GatewayGroup, type TriedRequest, tryRequestForService } from '@tollgate/contracts/rest/gateway';
import { testMasterKey } from '@tollgate/persistence/testing';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type DataPlaneProcess, startDataPlane } from '../link/testing/data-plane-process.ts';
import { type LinkScene, manyEnrolments, setScene } from '../link/testing/link-scene.ts';
import {
  type RequestOptions,
  type RunningGatewayManager,
  startGatewayManager,
} from '../testing/start-gateway-manager.ts';

const withinMs = 15_000;
const templateId = newId('ptp');
const keyTemplateId = newId('ptp');
const secret = 'tg_a-key-that-nobody-may-see';

let manager: RunningGatewayManager;
let upstream: Server;
let scene: LinkScene;
let stateDir: string;
let plane: DataPlaneProcess;

beforeAll(async () => {
  manager = await startGatewayManager(inject('databaseUrl'), { ...manyEnrolments, LINK_HEARTBEAT_INTERVAL_MS: '300' });
  upstream = createServer((_request, response) => response.end('hello'));
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  scene = await setScene(manager);
  stateDir = await mkdtemp(join(tmpdir(), 'tollgate-dp-'));
  await publishRoute();
  plane = await startDataPlane({
    TOLLGATE_LINK_URL: scene.client.url,
    TOLLGATE_STATE_DIR: stateDir,
    TOLLGATE_ENROL_TOKEN: (await scene.createToken()).token,
  });
  await eventually(
    async () => expect((await tryIt({ path: '/shop/1' })).body).toMatchObject({ response: { status: 200 } }),
    { withinMs },
  );
}, 90_000);
afterAll(async () => {
  await plane.end('SIGKILL');
  await new Promise((resolve) => upstream.close(resolve));
  await manager.close();
  await rm(stateDir, { recursive: true });
});

async function publishRoute(): Promise<void> {
  const { tenantId } = scene.tenant;
  const path = `/api/v1/gateway-groups/${scene.group.id}`;
  const { port } = upstream.address() as AddressInfo;
  const value = {
    name: 'shop',
    uri: '/shop/*',
    methods: ['GET'],
    upstream: { nodes: { [`127.0.0.1:${port}`]: 1 } },
  };
  const plugins = { 'proxy-rewrite': { headers: { set: { 'x-shop': '1' } } } };
  const template = { templateId, name: 'Shop', number: 1, contentHash: 'a'.repeat(64), plugins };
  manager.policyManager.answers.set(`/internal/v1/policy-templates/${templateId}/versions/1`, template);
  const policyTemplate = { id: templateId, version: 1 };
  const put = await manager.request(`${path}/routes/shop`, {
    tenantId,
    method: 'PUT',
    body: { value, policyTemplate },
  });
  expect(put.status, JSON.stringify(put.body)).toBe(200);
  const keys = {
    ...template,
    templateId: keyTemplateId,
    name: 'Keys',
    contentHash: 'b'.repeat(64),
    plugins: { 'key-auth': {} },
  };
  manager.policyManager.answers.set(`/internal/v1/policy-templates/${keyTemplateId}/versions/1`, keys);
  await manager.request(`${path}/routes/keyed`, {
    tenantId,
    method: 'PUT',
    body: { value: { ...value, uri: '/keyed' }, policyTemplate: { id: keyTemplateId, version: 1 } },
  });
  const { revision: baseRevision } = (await manager.request<GatewayGroup>(path, { tenantId })).body;
  const published = await manager.request(`${path}/publish`, { tenantId, body: { baseRevision } });
  expect(published.status, JSON.stringify(published.body)).toBe(200);
}

function tryIt(request: object, more: object = {}, options: RequestOptions = {}) {
  return manager.request<TriedRequest & { code?: string }>(`/api/v1/gateway-groups/${scene.group.id}/try-requests`, {
    tenantId: scene.tenant.tenantId,
    body: { request, ...more },
    ...options,
  });
}

describe('a request that is tried', () => {
  it('is played by a data plane of the group, which tells answer, route, node and policies', async () => {
    const { status, body } = await tryIt({
      path: '/shop/7',
      query: `apikey=${secret}`,
      headers: [{ name: 'authorization', value: secret }],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      dataPlane: { revision: 2 },
      response: { status: 200, body: { encoding: 'text', content: 'hello' }, truncated: false },
      trace: {
        route: { id: 'shop', name: 'shop', pattern: '/shop/*' },
        nodes: [{ result: 'answered', status: 200 }],
        policies: [
          {
            name: 'proxy-rewrite',
            source: { kind: 'template', id: templateId },
            outcome: 'changed',
            requestHeaders: ['x-shop'],
          },
        ],
        answeredBy: 'upstream',
      },
    });
    expect(JSON.stringify(body)).not.toContain(secret);
    expect(plane.log.join('\n')).not.toContain(secret);
  });

  it('leaves an audit entry without the secrets that it holds', async () => {
    await tryIt({ path: '/shop/audited', query: `apikey=${secret}`, headers: [{ name: 'apikey', value: secret }] });
    await eventually(
      async () => {
        const entries = await manager.published(auditEntryRecorded, scene.tenant.tenantId);
        const own = entries.filter(({ data }) => data.action === 'request.try');
        expect(own.at(-1)?.data).toMatchObject({ details: { method: 'GET', path: '/shop/audited' } });
        expect(JSON.stringify(own)).not.toContain(secret);
      },
      { withinMs },
    );
  });

  it('tells which route nearly matched', async () => {
    const { status, body } = await tryIt({ method: 'POST', path: '/shop/7' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      response: { status: 404 },
      trace: { route: null, nearMisses: [{ routeId: 'shop', mismatch: 'method', expected: ['GET'] }] },
    });
  });

  it('is refused for a host of another group, with the place', async () => {
    const { status, body } = await tryIt({ host: 'elsewhere.test' });
    expect([status, body.code]).toEqual([400, 'gateway.try_host_unknown']);
  });

  it('is refused where it does not fit', async () => {
    const { status, body } = await tryIt({ headers: [{ name: 'host', value: 'x' }] });
    expect([status, body.code]).toEqual([400, 'request.invalid']);
  });

  it('needs the permission to change configuration', async () => {
    expect((await tryIt({}, {}, { permissions: ['config.read', 'gateways.read'] })).status).toBe(403);
  });

  it('is answered 409 where no data plane is online, or the one named is none of the group', async () => {
    const group = await manager.addGroup(scene.tenant, 'empty', 'self-hosted');
    const path = `/api/v1/gateway-groups/${group.id}/try-requests`;
    const empty = await manager.request(path, { tenantId: scene.tenant.tenantId, body: { request: {} } });
    expect([empty.status, empty.body['code']]).toEqual([409, 'gateway.no_data_plane_online']);
    const other = await tryIt({}, { dataPlaneId: newId('dp') });
    expect([other.status, other.body.code]).toEqual([409, 'gateway.no_data_plane_online']);
  });

  it('is answered like what never was where the group is another tenant’s', async () => {
    const stranger = await manager.addTenant();
    const { status, body } = await tryIt({ path: '/shop/1' }, {}, { tenantId: stranger.tenantId });
    expect([status, body.code]).toEqual([404, 'resource.not_found']);
  });

  it(
    'is answered 504 when the data plane says nothing, whatever other data planes say',
    { timeout: 40_000 },
    async () => {
      const silent = await setScene(manager);
      const client = await silent.enrol();
      const stream = await client.stream();
      const { tenantId } = silent.tenant;
      const heartbeat = {
        version: '1.0.0',
        hostname: 'silent',
        startedAt: new Date().toISOString(),
        clockOffsetMs: 0,
        draining: false,
        groups: [],
        load: { cpu: 0, memoryBytes: 1, calls: 0 },
        usage: { pendingRows: 0, walBytes: 0 },
        errors: [],
        telemetryDropped: 0,
      };
      const beat = setInterval(() => void client.post('/link/v1/heartbeats', heartbeat), 300);
      const path = `/api/v1/gateway-groups/${silent.group.id}/try-requests`;
      const ask = () => manager.request(path, { tenantId, body: { request: {} } });
      try {
        await eventually(
          async () => {
            const planes = await manager.request<{ items: { status: string }[] }>(
              `/api/v1/data-planes?groupId=${silent.group.id}`,
              { tenantId },
            );
            expect(planes.body.items[0]?.status).toBe('online');
          },
          { withinMs },
        );
        const asking = ask();
        const forger = await scene.enrol();
        await eventually(() => expect(stream.lines.some(({ type }) => type === 'command')).toBe(true), { withinMs });
        const line = stream.lines.find(({ type }) => type === 'command');
        const commandId = line?.type === 'command' ? line.id : '';
        const result = { outcome: 'failed', reason: 'broken', detail: 'forged' };
        expect((await forger.post('/link/v1/tries', { commandId, result })).status).toBe(204);
        const answer = await asking;
        expect(answer).toMatchObject({ status: 504, body: { code: 'gateway.try_not_answered' } });
        expect(JSON.stringify(answer.body)).not.toContain('forged');
      } finally {
        clearInterval(beat);
        stream.close();
      }
    },
  );
});

describe('a key for trying', () => {
  it('is known to the trace, passes until it ends, and leaves nothing in the access state when it is revoked', async () => {
    const [productId, planVersionId, subscriptionId] = [newId('prd'), newId('plv'), newId('sub')];
    const { tenantId } = scene.tenant;
    const groupIds = [scene.group.id];
    const credentialId = newId('crd');
    const expiresAt = new Date(Date.now() + 5_000).toISOString();
    const key = 'tg_key_for-trying';
    const keySha256 = createHash('sha256').update(key).digest('hex');
    const application = { applicationId: newId('app'), applicationName: 'Try', developerId: newId('dev') };
    const plan = { planId: newId('pln'), planVersionId, productId, version: 1, name: 'Gold', limit: null, quota: null };
    const subscription = { subscriptionId, ...application, productId, planVersionId, groupIds };
    const credential = { credentialId, subscriptionId, groupIds, keySha256, expiresAt, kind: 'try' as const };
    const bound = { partitionKey: subscriptionId, tenantId };
    await manager.publish(
      planVersionPublished.create({ subject: plan.planId, tenantId, aggregateVersion: 1, data: plan }),
      productPublished.create({
        subject: productId,
        tenantId,
        aggregateVersion: 1,
        data: {
          productId,
          name: 'Shop',
          bindings: [{ groupId: scene.group.id, routeIds: ['keyed'] }],
          planVersionIds: [planVersionId],
          keyless: false,
        },
      }),
      subscriptionApproved.create({ subject: subscriptionId, tenantId, aggregateVersion: 1, data: subscription }),
      credentialIssued.create({ subject: credentialId, ...bound, data: credential }),
    );
    const callKeyed = () => tryIt({ path: '/keyed', headers: [{ name: 'apikey', value: key }] });
    await eventually(
      async () => {
        const { body } = await callKeyed();
        expect(body).toMatchObject({
          response: { status: 200 },
          trace: {
            consumer: { id: subscriptionId, consumerGroupId: planVersionId, credentialId },
            policies: [{ name: 'key-auth', outcome: 'passed', authenticated: true }],
          },
        });
        expect(JSON.stringify(body)).not.toContain(key);
      },
      { withinMs },
    );
    await eventually(
      async () => {
        expect((await callKeyed()).body).toMatchObject({
          response: { status: 401 },
          trace: { refusal: { policy: 'key-auth', status: 401, code: 'gateway.credential_expired' }, nodes: [] },
        });
      },
      { withinMs },
    );
    const data = { credentialId, subscriptionId, groupIds };
    await manager.publish(credentialRevoked.create({ subject: credentialId, ...bound, data }));
    await eventually(
      async () => {
        const rows = await manager.database.query(
          `select kind from gateway.access_resources where group_id = $1 and value is not null and kind in ('credential', 'revocation')`,
          [scene.group.id],
        );
        expect(rows).toEqual([]);
      },
      { withinMs },
    );
    const longAgo = `update gateway.portal_credentials set revoked_at = now() - interval '2 days' where id = $1`;
    await manager.database.query(longAgo, [credentialId]);
    const next = { ...credential, credentialId: newId('crd'), keySha256: 'c'.repeat(64) };
    await manager.publish(credentialIssued.create({ subject: next.credentialId, ...bound, data: next }));
    await eventually(
      async () => {
        const sql = 'select id from gateway.portal_credentials where subscription_id = $1';
        expect(await manager.database.query(sql, [subscriptionId])).toEqual([{ id: next.credentialId }]);
      },
      { withinMs },
    );
  });
});

describe('a request that another service has tried', () => {
  const tryAs = (tenantId: string, path: string, host?: string) => {
    const tokens = new ServiceTokens(testMasterKey, 'developer-portal');
    const client = new ServiceClient(tokens, { 'gateway-manager': manager.service.url });
    const params = { groupId: scene.group.id };
    const request = { path, ...(host === undefined ? {} : { host }) };
    return client.call(tryRequestForService, {
      tenantId,
      params,
      body: { request, scope: { routeIds: path === '/shop/1' ? ['shop'] : ['other'], serviceIds: [] } },
    });
  };

  it('leads to the routes that the service names and to no other', async () => {
    const { tenantId } = scene.tenant;
    expect(await tryAs(tenantId, '/shop/1')).toMatchObject({ outcome: 'done', response: { status: 200 } });
    expect(await tryAs(tenantId, '/shop/2')).toMatchObject({
      outcome: 'done',
      response: { status: 404 },
      trace: { route: null, nearMisses: [] },
    });
    expect(await tryAs(tenantId, '/shop/1', 'elsewhere.test')).toEqual({ outcome: 'host-unknown' });
  });

  it('is refused for a group of another tenant', async () => {
    const stranger = await manager.addTenant();
    await expect(tryAs(stranger.tenantId, '/shop/1')).rejects.toMatchObject({ definition: { status: 404 } });
  });
});
