import { ServiceClient, ServiceTokens } from '@tollgate/auth';
import { newId } from '@tollgate/contracts';
import { auditEntryRecorded } from '@tollgate/contracts/events';
import { tryRequestForService } from '@tollgate/contracts/rest/gateway';
import { testMasterKey } from '@tollgate/persistence/testing';
import { eventually } from '@tollgate/testing';
import { describe, expect, it } from 'vitest';
import { setScene } from '../link/testing/link-scene.ts';
import { templateId, tryingScene, withinMs } from './testing/trying-scene.ts';

const secret = 'tg_a-key-that-nobody-may-see';

const setting = tryingScene();
const { tryIt } = setting;

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
    expect(setting.plane.log.join('\n')).not.toContain(secret);
  });

  it('leaves an audit entry without the secrets that it holds', async () => {
    await tryIt({ path: '/shop/audited', query: `apikey=${secret}`, headers: [{ name: 'apikey', value: secret }] });
    await eventually(
      async () => {
        const entries = await setting.manager.published(auditEntryRecorded, setting.link.tenant.tenantId);
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
    const group = await setting.manager.addGroup(setting.link.tenant, 'empty', 'self-hosted');
    const path = `/api/v1/gateway-groups/${group.id}/try-requests`;
    const empty = await setting.manager.request(path, {
      tenantId: setting.link.tenant.tenantId,
      body: { request: {} },
    });
    expect([empty.status, empty.body['code']]).toEqual([409, 'gateway.no_data_plane_online']);
    const other = await tryIt({}, { dataPlaneId: newId('dp') });
    expect([other.status, other.body.code]).toEqual([409, 'gateway.no_data_plane_online']);
  });

  it('is answered like what never was where the group is another tenant’s', async () => {
    const stranger = await setting.manager.addTenant();
    const { status, body } = await tryIt({ path: '/shop/1' }, {}, { tenantId: stranger.tenantId });
    expect([status, body.code]).toEqual([404, 'resource.not_found']);
  });

  it(
    'is answered 504 when the data plane says nothing, whatever other data planes say',
    { timeout: 40_000 },
    async () => {
      const silent = await setScene(setting.manager);
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
      const ask = () => setting.manager.request(path, { tenantId, body: { request: {} } });
      try {
        await eventually(
          async () => {
            const planes = await setting.manager.request<{ items: { status: string }[] }>(
              `/api/v1/data-planes?groupId=${silent.group.id}`,
              { tenantId },
            );
            expect(planes.body.items[0]?.status).toBe('online');
          },
          { withinMs },
        );
        const asking = ask();
        const forger = await setting.link.enrol();
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

describe('a request that another service has tried', () => {
  const tryAs = (tenantId: string, path: string, host?: string) => {
    const tokens = new ServiceTokens(testMasterKey, 'developer-portal');
    const client = new ServiceClient(tokens, { 'gateway-manager': setting.manager.service.url });
    const params = { groupId: setting.link.group.id };
    const request = { path, ...(host === undefined ? {} : { host }) };
    return client.call(tryRequestForService, {
      tenantId,
      params,
      body: { request, scope: { routeIds: path === '/shop/1' ? ['shop'] : ['other'], serviceIds: [] } },
    });
  };

  it('leads to the routes that the service names and to no other', async () => {
    const { tenantId } = setting.link.tenant;
    expect(await tryAs(tenantId, '/shop/1')).toMatchObject({ outcome: 'done', response: { status: 200 } });
    expect(await tryAs(tenantId, '/shop/2')).toMatchObject({
      outcome: 'done',
      response: { status: 404 },
      trace: { route: null, nearMisses: [] },
    });
    expect(await tryAs(tenantId, '/shop/1', 'elsewhere.test')).toEqual({ outcome: 'host-unknown' });
  });

  it('is refused for a group of another tenant', async () => {
    const stranger = await setting.manager.addTenant();
    await expect(tryAs(stranger.tenantId, '/shop/1')).rejects.toMatchObject({ definition: { status: 404 } });
  });
});
