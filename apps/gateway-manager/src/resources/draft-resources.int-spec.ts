import { createHash } from 'node:crypto';
import { newId } from '@tollgate/contracts';
import { auditEntryRecorded } from '@tollgate/contracts/events';
import type { Page } from '@tollgate/contracts/rest';
import type { DraftResource, Workspace } from '@tollgate/contracts/rest/gateway';
import { eventually } from '@tollgate/testing';
import { describe, expect, it } from 'vitest';
import { groupScene } from '../testing/group-scene.ts';

const scene = groupScene();
const { request } = scene;

const put = (path: string, body: object, ifMatch?: number) =>
  request(path, { method: 'PUT', body, ...(ifMatch === undefined ? {} : { ifMatch }) });
const upstream = { nodes: [{ host: 'a', port: 80, weight: 1 }] };

describe('a list of resources', () => {
  it('is searched by id, name, path and host, in any case', async () => {
    await put('routes/orders', {
      value: { name: 'Orders of 客户', uri: '/v1/carts/*', hosts: ['Shop.test'], upstream },
    });
    await put('routes/parcels', { value: { uris: ['/v1/parcels', '/track'], upstream } });
    const found = async (text: string) => {
      const { body } = await request<Page<DraftResource>>(`routes?search=${encodeURIComponent(text)}`);
      return body.items.map(({ id }) => id);
    };
    for (const text of ['ORDERS', '客户', '/carts/', 'shop.TEST']) expect(await found(text)).toEqual(['orders']);
    expect(await found('/track')).toEqual(['parcels']);
    expect(await found('/v1/')).toEqual(['orders', 'parcels']);
    expect(await found('%')).toEqual([]);
  });
});

describe('every kind of resource', () => {
  it.each([
    ['upstreams', { value: upstream }],
    ['services', { value: { name: 'S', upstream } }],
    ['routes', { value: { uri: '/r', upstream } }],
    ['stream-routes', { value: { server_port: 9000, upstream } }],
    ['global-policies', { value: { plugins: { 'request-id': {} } } }],
    ['consumer-groups', { value: { plugins: {} } }],
    ['consumers', { value: { username: 'alice' } }],
  ])('%s are created, read, listed, replaced and removed', async (segment, body) => {
    const created = await request(segment, { body });
    expect(created.status, JSON.stringify(created.body)).toBe(201);
    const { id } = created.body;
    const path = `${segment}/${id}`;
    const read = await request(path);
    expect(read).toMatchObject({
      status: 200,
      body: { id, version: 1, isPublished: false, value: body.value },
    });
    expect(read.headers.get('etag')).toBe('"1"');
    const { body: page } = await request<Page<DraftResource>>(segment);
    expect(page.items.map((item) => item.id)).toEqual([id]);
    expect((await put(path, body)).status).toBe(428);
    expect((await put(path, body, 4)).status).toBe(412);
    expect((await put(path, body, 1)).body).toMatchObject({ version: 2 });
    expect((await request(path, { method: 'DELETE', ifMatch: 1 })).status).toBe(412);
    expect((await request(path, { method: 'DELETE' })).status).toBe(428);
    expect((await request(path, { method: 'DELETE', ifMatch: 2 })).status).toBe(204);
    expect((await request(path)).status).toBe(404);
    expect((await request(path, { method: 'DELETE', ifMatch: 2 })).status).toBe(404);
  });

  it('belongs to its tenant alone', async () => {
    await put('upstreams/u', { value: upstream });
    const stranger = { tenantId: (await scene.manager.addTenant()).tenantId };
    const path = `/api/v1/gateway-groups/${scene.group.id}/upstreams`;
    expect((await scene.manager.request(path, stranger)).status).toBe(404);
    expect((await scene.manager.request(`${path}/u`, stranger)).status).toBe(404);
    expect((await scene.manager.request(path, { ...stranger, body: { value: upstream } })).status).toBe(404);
    expect(
      (await scene.manager.request(`${path}/u`, { ...stranger, method: 'PUT', body: { value: upstream } })).status,
    ).toBe(404);
    expect((await scene.manager.request(`${path}/u`, { ...stranger, method: 'DELETE', ifMatch: 1 })).status).toBe(404);
    expect((await scene.manager.request(`${path}/u`)).status).toBe(401);
    expect((await request('upstreams', { body: { value: upstream }, permissions: ['config.read'] })).status).toBe(403);
  });
});

describe('a write', () => {
  it('creates with the id that the caller chose, once', async () => {
    expect(await request('routes', { body: { id: 'mine', value: { uri: '/a', upstream } } })).toMatchObject({
      status: 201,
      body: { id: 'mine' },
    });
    expect(await request('routes', { body: { id: 'mine', value: { uri: '/b', upstream } } })).toMatchObject({
      status: 409,
      body: { code: 'gateway.resource_id_taken' },
    });
    expect((await put('routes/other', { value: { uri: '/c', upstream } }, 3)).status).toBe(412);
  });

  it('warns of fields that no gateway knows and keeps them', async () => {
    const { body } = await put('routes/r', {
      value: { uri: '/r', colour: 'red', upstream: { ...upstream, speed: 1 } },
    });
    expect(body.warnings?.map(({ pointer }) => pointer)).toEqual(['/upstream/speed', '/colour']);
    expect((await request('routes/r')).body).toMatchObject({ value: { colour: 'red', upstream: { speed: 1 } } });
  });

  it('refuses what no gateway could serve, with pointers', async () => {
    expect(await put('routes/r', { value: { uri: 'no-slash', upstream } })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/value/uri' }] },
    });
    expect(await put('routes/r', { value: { uri: '/r', upstream }, colour: 1 })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/colour' }] },
    });
  });

  it('refuses policies on routes and services, and keeps the reference to a template beside the object', async () => {
    for (const field of [{ plugins: { 'key-auth': {} } }, { plugin_config_id: 'x' }, { script: 'x' }]) {
      const answer = await put('routes/r', { value: { uri: '/r', upstream, ...field } });
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: `/value/${Object.keys(field)[0]}` }] } });
    }
    const policyTemplate = { id: newId('ptp'), version: 3 };
    await put('routes/r', { value: { uri: '/r', upstream }, policyTemplate });
    const { body } = await request('routes/r');
    expect(body.policyTemplate).toEqual(policyTemplate);
    expect(body.value).not.toHaveProperty('plugin_config_id');
  });

  it('stores the hash of a consumer’s key, never the key', async () => {
    await put('consumers/bob', { value: { username: 'bob', plugins: { 'key-auth': { key: 'secret-of-bob' } } } });
    const { body } = await request('consumers/bob');
    expect(JSON.stringify(body)).not.toContain('secret-of-bob');
    expect(body.value['plugins']).toEqual({
      'key-auth': { key_sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    });
    expect(await put('consumers/carol', { value: { username: 'bob' } })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/value/username' }] },
    });
  });
});

describe('references', () => {
  it('to what the workspace does not hold are refused', async () => {
    expect(await put('routes/r', { value: { uri: '/r', service_id: 'nobody' } })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/value/service_id' }] },
    });
    const { body: team } = await request<Workspace>('workspaces', { body: { name: 'team' } });
    await put('services/s', { value: { upstream }, workspaceId: team.id });
    expect((await put('routes/r', { value: { uri: '/r', service_id: 's' } })).status).toBe(400);
    expect((await put('routes/r', { value: { uri: '/r', service_id: 's' }, workspaceId: team.id })).status).toBe(200);
    const elsewhere = await put('services/s', { value: { upstream }, workspaceId: (await anotherWorkspace()).id }, 1);
    expect(elsewhere).toMatchObject({ status: 409, body: { code: 'gateway.resource_id_taken' } });
  });

  it('keep what they name from being removed, and the answer lists them', async () => {
    await put('upstreams/u', { value: upstream });
    await put('services/s', { value: { upstream_id: 'u' } });
    expect(await request('upstreams/u', { method: 'DELETE', ifMatch: 1 })).toMatchObject({
      status: 409,
      body: { code: 'resource.in_use', errors: [{ pointer: '/service/s' }] },
    });
    await put('services/s', { value: { upstream } }, 1);
    expect((await request('upstreams/u', { method: 'DELETE', ifMatch: 1 })).status).toBe(204);
  });
});

async function anotherWorkspace(): Promise<Workspace> {
  return (await request<Workspace>('workspaces', { body: { name: 'another' } })).body;
}

describe('the audit entry of a write', () => {
  it('tells what was written, before and after, where, and no key', async () => {
    await put('routes/told', { value: { uri: '/told', upstream } });
    await put('routes/told', { value: { uri: '/told/*', upstream, desc: 'new' } }, 1);
    await request('routes/told', { method: 'DELETE', ifMatch: 2 });
    const key = 'secret-of-dave';
    await put('consumers/dave', { value: { username: 'dave', plugins: { 'key-auth': { key } } } });
    await eventually(
      async () => {
        const entries = (await scene.manager.published(auditEntryRecorded, scene.tenant.tenantId)).map(
          ({ data }) => data,
        );
        const [created, updated, removed] = entries.filter(({ object }) => object.id === 'told');
        expect(created?.changes?.changes).toContainEqual(expect.objectContaining({ path: '/value', kind: 'added' }));
        expect(updated).toMatchObject({ details: { groupId: scene.group.id }, changes: { tooLarge: false, count: 2 } });
        expect(updated?.changes?.changes).toEqual([
          { path: '/value/uri', kind: 'changed', before: '/told', after: '/told/*', redacted: false },
          { path: '/value/desc', kind: 'added', after: 'new', redacted: false },
        ]);
        expect(removed?.changes?.changes).toContainEqual(expect.objectContaining({ path: '/value', kind: 'removed' }));
        const dave = entries.find(({ object }) => object.id === 'dave');
        expect(dave?.changes?.changes).toContainEqual(expect.objectContaining({ path: '/value', redacted: true }));
        const sha256 = createHash('sha256').update(key).digest('hex');
        for (const secret of [key, sha256]) expect(JSON.stringify(entries)).not.toContain(secret);
      },
      { withinMs: 5000 },
    );
  });
});
