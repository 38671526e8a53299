import { auditEntryRecorded } from '@tollgate/contracts/events';
import type { ForcedDeletion, Page } from '@tollgate/contracts/rest';
import type { DraftChange, DraftResource, RevisionOutcome, Workspace } from '@tollgate/contracts/rest/gateway';
import { eventually } from '@tollgate/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { CONFIG_FEED, type ConfigFeed } from '../link/config-feed.ts';
import { groupScene } from '../testing/group-scene.ts';

const scene = groupScene();
const { at, request } = scene;
let feed: ConfigFeed;

beforeAll(() => {
  feed = scene.manager.service.app.get<ConfigFeed>(CONFIG_FEED, { strict: false });
});

const upstream = { nodes: { 'a:1': 1 } };
const put = (path: string, value: object, more: { ifMatch?: number; workspaceId?: string } = {}) => {
  const { ifMatch, ...body } = more;
  return request(path, { method: 'PUT', body: { value, ...body }, ...(ifMatch === undefined ? {} : { ifMatch }) });
};

async function write(path: string, value: object, more: { ifMatch?: number; workspaceId?: string } = {}) {
  const answer = await put(path, value, more);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}

async function act<T = RevisionOutcome>(path: string, body: object): Promise<T> {
  const answer = await request<T>(path, { body });
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
}

const addWorkspace = (name: string) => act<Workspace>('workspaces', { name });
const remove = (path: string, ifMatch = 1) => request<ForcedDeletion>(path, { method: 'DELETE', ifMatch });
const refusal = (pointer: string, code = 'request.invalid', status = 400) => ({
  status,
  body: { code, errors: [{ pointer }] },
});
const conflict = (pointer: string) => refusal(pointer, 'gateway.stream_route_conflict', 409);

describe('a stream route', () => {
  it('is refused in a group of a shared pool, whose ports belong to no tenant', async () => {
    const { id } = await scene.manager.addGroup(scene.tenant, 'shared');
    const { tenantId } = scene.tenant;
    const path = `/api/v1/gateway-groups/${id}/stream-routes`;
    const refused = { status: 409, body: { code: 'gateway.streams_not_shared' } };
    const body = { value: { upstream } };
    expect(await scene.manager.request(path, { tenantId, body })).toMatchObject(refused);
    const written = { value: { server_port: 9000, upstream } };
    expect(await scene.manager.request(`${path}/s`, { tenantId, method: 'PUT', body: written })).toMatchObject(refused);
    expect((await scene.manager.request<Page<DraftResource>>(path, { tenantId })).body.items).toEqual([]);
  });

  it('that no gateway could serve is refused with the place', async () => {
    const refused: [string, object][] = [
      ['/value/upstream', { server_port: 9000 }],
      ['/value/server_port', { server_port: 70_000, upstream }],
      ['/value/remote_addr', { remote_addr: 'x', upstream }],
      ['/value/plugins', { upstream, plugins: { 'ip-restriction': {} } }],
      ['/value/protocol', { upstream, protocol: { name: 'redis' } }],
      ['/value/upstream/scheme', { upstream: { ...upstream, scheme: 'https' } }],
      ['/value/upstream/nodes', { upstream: { nodes: { a: 1 } } }],
      ['/value/sni', { sni: 'a.test', upstream: { ...upstream, scheme: 'udp' } }],
      ['/value/upstream_id', { upstream_id: 'nobody' }],
      ['/value/service_id', { service_id: 'nobody' }],
    ];
    for (const [pointer, value] of refused) expect(await put('stream-routes/s', value)).toMatchObject(refusal(pointer));
    expect((await request('stream-routes/s')).status).toBe(404);
  });

  it('leads to upstreams for streams only, through services too', async () => {
    await write('upstreams/http', { ...upstream, scheme: 'https' });
    await write('upstreams/udp', { ...upstream, scheme: 'udp' });
    await write('services/bare', { name: 'no upstream' });
    await write('services/http', { upstream_id: 'http' });
    expect(await put('stream-routes/s', { upstream_id: 'http' })).toMatchObject(refusal('/value/upstream_id'));
    expect(await put('stream-routes/s', { upstream_id: 'udp', sni: 'a.test' })).toMatchObject(
      refusal('/value/upstream_id'),
    );
    for (const id of ['bare', 'http'])
      expect(await put('stream-routes/s', { service_id: id })).toMatchObject(refusal('/value/service_id'));
    await write('services/udp', { upstream_id: 'udp' });
    await write('stream-routes/s', { service_id: 'udp', server_port: 9053 });
  });

  it('keeps what it needs as it needs it', async () => {
    await write('upstreams/u', { ...upstream, scheme: 'tcp' });
    await write('services/s', { upstream_id: 'u' });
    await write('stream-routes/direct', { server_port: 1, upstream_id: 'u' });
    await write('stream-routes/through', { server_port: 2, service_id: 's' });
    const http = { ...upstream, scheme: 'https' };
    const { body } = await put('upstreams/u', http, { ifMatch: 1 });
    expect(body).toMatchObject({ code: 'request.invalid', errors: [{}, {}] });
    expect(await put('upstreams/u', { nodes: { a: 1 } }, { ifMatch: 1 })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/value/nodes' }, { pointer: '/value/nodes' }] },
    });
    expect(await put('services/s', { upstream: http }, { ifMatch: 1 })).toMatchObject(refusal('/value'));
    expect(await put('services/s', { name: 'bare' }, { ifMatch: 1 })).toMatchObject(refusal('/value'));
    expect((await request('upstreams/u')).body).toMatchObject({ version: 1 });
  });

  it('does not share its upstream with calls, when that is for streams by its scheme', async () => {
    const stream = { ...upstream, scheme: 'tcp' };
    await write('upstreams/stream', stream);
    await write('upstreams/either', upstream);
    await write('stream-routes/s', { server_port: 1, upstream_id: 'either' });
    await write('routes/r', { uri: '/r', upstream_id: 'either' });
    expect(await put('routes/other', { uri: '/o', upstream_id: 'stream' })).toMatchObject(
      refusal('/value/upstream_id'),
    );
    expect(await put('upstreams/either', stream, { ifMatch: 1 })).toMatchObject(refusal('/value/scheme'));
    for (const path of ['routes/other', 'services/other']) {
      expect(await put(path, { uri: '/o', upstream: stream })).toMatchObject(refusal('/value/upstream/scheme'));
    }
  });

  it('that takes the connections of another one of the group is refused with the field, in any workspace', async () => {
    const team = await addWorkspace('team');
    await write('stream-routes/a', { server_port: 9000, upstream });
    await write('stream-routes/b', { sni: 'B.test', server_port: 9000, upstream });
    expect(await put('stream-routes/c', { server_port: 9000, upstream })).toMatchObject(conflict('/value/server_port'));
    const named = { sni: 'b.test', server_port: 9000, upstream };
    const elsewhere = await put('stream-routes/c', named, { workspaceId: team.id });
    expect(elsewhere).toMatchObject(conflict('/value/sni'));
    expect(JSON.stringify(elsewhere.body)).toContain('The stream route b takes the same connections.');
    await write('stream-routes/a', { server_port: 9000, upstream, desc: 'itself' }, { ifMatch: 1 });
    await write('stream-routes/c', { server_port: 9001, upstream });
    expect(await put('stream-routes/c', { server_port: 9000, upstream }, { ifMatch: 1 })).toMatchObject(
      conflict('/value/server_port'),
    );
    expect((await remove('stream-routes/a', 2)).status).toBe(204);
    await write('stream-routes/c', { server_port: 9000, upstream }, { ifMatch: 1 });
  });

  it('over UDP stands beside one over TCP, as long as their upstreams say so', async () => {
    await write('upstreams/u', { ...upstream, scheme: 'udp' });
    await write('stream-routes/names', { server_port: 53, upstream_id: 'u' });
    await write('stream-routes/transfer', { server_port: 53, upstream: { ...upstream, scheme: 'tcp' } });
    expect(await put('upstreams/u', { ...upstream, scheme: 'tcp' }, { ifMatch: 1 })).toMatchObject(
      conflict('/value/scheme'),
    );
  });

  it('of two that are written at once for a port one is refused', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) => put(`stream-routes/s${index}`, { server_port: 9000, upstream })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
  });

  it('is in the audit under its name, and writing it takes the permission', async () => {
    await write('stream-routes/s', { upstream });
    await remove('stream-routes/s');
    await eventually(
      async () => {
        const audit = await scene.manager.published(auditEntryRecorded, scene.tenant.tenantId);
        expect(audit.map(({ data }) => data)).toMatchObject([
          { action: 'gateway-group.create' },
          { action: 'stream-route.put', object: { kind: 'stream_route', id: 's' } },
          { action: 'stream-route.delete', object: { kind: 'stream_route', id: 's' } },
        ]);
      },
      { withinMs: 5000 },
    );
    const body = { value: { upstream } };
    expect((await request('stream-routes', { body, permissions: ['config.read'] })).status).toBe(403);
    expect((await scene.manager.request(at('stream-routes'))).status).toBe(401);
    const stranger = await scene.manager.addTenant();
    expect((await scene.manager.request(at('stream-routes'), { tenantId: stranger.tenantId, body })).status).toBe(404);
  });
});

describe('what a stream route needs', () => {
  it('is kept from being removed, and the answer lists it', async () => {
    await write('upstreams/u', upstream);
    await write('services/s', { upstream });
    await write('stream-routes/one', { server_port: 1, upstream_id: 'u' });
    await write('stream-routes/two', { server_port: 2, service_id: 's' });
    expect(await remove('upstreams/u')).toMatchObject(refusal('/stream_route/one', 'resource.in_use', 409));
    expect(await remove('services/s')).toMatchObject(refusal('/stream_route/two', 'resource.in_use', 409));
  });

  it('goes by force: stream routes without another upstream take their connections and serve none', async () => {
    await write('upstreams/u', { ...upstream, scheme: 'udp' });
    await write('services/s', { name: 'S', upstream_id: 'u' });
    await write('stream-routes/direct', { server_port: 53, upstream_id: 'u' });
    await write('stream-routes/twin', { server_port: 53, upstream: { ...upstream, scheme: 'tcp' } });
    await write('stream-routes/through', { server_port: 54, service_id: 's' });
    await write('stream-routes/own', { server_port: 55, service_id: 's', upstream });
    await write('stream-routes/both', { server_port: 56, upstream_id: 'u', upstream });
    const { status, body } = await remove('upstreams/u?force=true');
    expect(status).toBe(200);
    expect(body.dependants).toEqual([
      { kind: 'service', id: 's', effect: 'detached' },
      { kind: 'stream_route', id: 'both', effect: 'detached' },
      { kind: 'stream_route', id: 'direct', effect: 'disabled' },
      { kind: 'stream_route', id: 'through', effect: 'disabled' },
    ]);
    const direct = (await request('stream-routes/direct')).body.value;
    expect(direct).toEqual({ server_port: 53, upstream: { nodes: [], scheme: 'udp' } });
    expect((await request('stream-routes/own')).body).toMatchObject({ version: 1, value: { service_id: 's' } });
    expect(await act('publish', { baseRevision: 1 })).toMatchObject({ revision: 2 });
    const again = await remove('services/s?force=true', 2);
    expect(again.body.dependants).toMatchObject([
      { id: 'own', effect: 'detached' },
      { id: 'through', effect: 'detached' },
    ]);
    expect(await act('publish', { baseRevision: 2 })).toMatchObject({ revision: 3 });
  });
});

describe('stream routes in revisions', () => {
  const inForce = async () =>
    (await feed.snapshot(scene.group.id)).changes.filter(({ kind }) => kind === 'stream_route').map(({ id }) => id);

  it('are published, compared, rolled back and listed with the history', async () => {
    await write('upstreams/u', upstream);
    await write('stream-routes/s', { server_port: 9000, upstream_id: 'u' });
    const { body: diff } = await request<Page<DraftChange>>('diff');
    expect(diff.items).toMatchObject([
      { kind: 'stream_route', id: 's', change: 'add', before: null, after: { server_port: 9000, upstream_id: 'u' } },
      { kind: 'upstream', id: 'u' },
    ]);
    const first = await act('publish', { baseRevision: 1 });
    expect(first.changes.map(({ kind }) => kind)).toEqual(['stream_route', 'upstream']);
    expect((await request('stream-routes/s')).body.isPublished).toBe(true);
    const snapshot = await feed.snapshot(scene.group.id);
    expect(snapshot.changes.map(({ kind }) => kind)).toEqual(['group_settings', 'upstream', 'stream_route']);
    expect(snapshot.hash).toBe(first.hash);

    await remove('stream-routes/s');
    const second = await act('publish', { baseRevision: 2 });
    expect(second.changes).toMatchObject([{ kind: 'stream_route', id: 's', change: 'remove' }]);
    expect(await inForce()).toEqual([]);
    expect(await act('rollback', { toRevision: 2 })).toMatchObject({ revision: 4, hash: first.hash });
    expect(await inForce()).toEqual(['s']);
    const { body: history } = await request<Page<object>>('revisions/4/changes');
    expect(history.items).toMatchObject([{ kind: 'stream_route', id: 's', change: 'add' }]);
  });

  it('that would take each other’s connections in force are refused, though their drafts go together', async () => {
    const team = await addWorkspace('team');
    const { body: workspaces } = await request<Page<Workspace>>('workspaces');
    const fallback = workspaces.items.find(({ name }) => name === 'default')?.id;
    await write('stream-routes/old', { server_port: 9000, upstream });
    await act('publish', { baseRevision: 1 });
    await remove('stream-routes/old');
    await write('stream-routes/new', { server_port: 9000, upstream }, { workspaceId: team.id });
    const early = await request('publish', { body: { baseRevision: 2, workspaceId: team.id } });
    expect(early).toMatchObject({ status: 409, body: { code: 'gateway.configuration_invalid' } });
    expect(early.body).toMatchObject({
      errors: [{ pointer: '/stream_route/new/server_port' }, { pointer: '/stream_route/old/server_port' }],
    });
    expect(await inForce()).toEqual(['old']);
    await act('publish', { baseRevision: 2, workspaceId: fallback });
    await act('publish', { baseRevision: 3, workspaceId: team.id });
    expect(await inForce()).toEqual(['new']);
    const back = await request('rollback', { body: { toRevision: 2, workspaceId: fallback } });
    expect(back).toMatchObject({ status: 409, body: { code: 'gateway.configuration_invalid' } });
    expect(await act('rollback', { toRevision: 2 })).toMatchObject({ revision: 5 });
    expect(await inForce()).toEqual(['old']);
  });

  it('are refused when an import has made their upstream one for calls', async () => {
    const paths = { '/a': { get: { responses: {} } } };
    const document = JSON.stringify({ openapi: '3.0.3', info: { title: 'Pets', version: '1' }, paths });
    await act('imports', { document, serviceId: 'pets', upstreamUrl: 'http://a.test:9001' });
    await write('stream-routes/s', { server_port: 9000, upstream_id: 'pets' });
    await act('imports', { document, serviceId: 'pets', upstreamUrl: 'https://a.test:9001' });
    const answer = await request('publish', { body: { baseRevision: 1 } });
    expect(answer).toMatchObject(refusal('/stream_route/s/upstream_id', 'gateway.configuration_invalid', 409));
  });
});
