import { describe, expect, it } from 'vitest';
import { groupScene } from '../testing/group-scene.ts';
import type { RequestOptions } from '../testing/start-gateway-manager.ts';

const scene = groupScene();
const { request } = scene;

const put = (path: string, value: object, more: Pick<RequestOptions, 'ifMatch' | 'language'> = {}) =>
  request(path, { method: 'PUT', body: { value }, ...more });
const publish = (language?: string) =>
  request('publish', { body: { baseRevision: 1 }, ...(language === undefined ? {} : { language }) });

async function write(path: string, value: object) {
  const answer = await put(path, value);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}

/** Makes a draft what it can no longer become by writes. */
const force = (kind: string, id: string, value: object) =>
  scene.manager.database.query(
    'update gateway.draft_resources set value = $1 where group_id = $2 and kind = $3 and id = $4 and content_hash is not null',
    [JSON.stringify(value), scene.group.id, kind, id],
  );

const upstream = { nodes: { 'a:1': 1 } };
const stream = { ...upstream, scheme: 'tcp' };
const kafka = { ...upstream, scheme: 'kafka' };
const refusal = (pointer: string, message?: string) => ({
  status: 400,
  body: { code: 'request.invalid', errors: [{ pointer, ...(message === undefined ? {} : { message }) }] },
});
const unpublishable = (errors: object[]) => ({
  status: 409,
  body: { code: 'gateway.configuration_invalid', errors },
});

describe('calls through a service whose upstream is for streams', () => {
  const message = 'The upstream of this service is for stream routes, by its scheme.';

  it('are refused when the route is written', async () => {
    await write('upstreams/stream', stream);
    await write('services/s', { upstream_id: 'stream' });
    await write('stream-routes/s', { server_port: 1, service_id: 's' });
    expect(await put('routes/r', { uri: '/r', service_id: 's' })).toMatchObject(refusal('/value/service_id', message));
    await write('routes/own', { uri: '/own', service_id: 's', upstream });
    expect(await publish()).toMatchObject({ status: 200 });
  });

  it('are refused when the service or the upstream becomes that', async () => {
    await write('upstreams/stream', stream);
    await write('upstreams/u', upstream);
    await write('services/s', { upstream_id: 'u' });
    await write('services/own', { upstream_id: 'u', upstream });
    await write('routes/r', { uri: '/r', service_id: 's' });
    await write('routes/own', { uri: '/own', service_id: 'own' });
    const used = 'The route r uses it for calls.';
    expect(await put('services/s', { upstream_id: 'stream' }, { ifMatch: 1 })).toMatchObject(
      refusal('/value/upstream_id', used),
    );
    expect(await put('upstreams/u', stream, { ifMatch: 1 })).toMatchObject(refusal('/value/scheme', used));
    expect((await put('services/own', { upstream_id: 'stream', upstream }, { ifMatch: 1 })).status).toBe(200);
  });

  it('are refused at publish like those of routes that name the upstream themselves', async () => {
    await write('upstreams/u', upstream);
    await write('services/s', { upstream_id: 'u' });
    await write('routes/direct', { uri: '/direct', upstream_id: 'u' });
    await write('routes/through', { uri: '/through', service_id: 's' });
    await force('upstream', 'u', stream);
    const places = [{ pointer: '/route/direct/upstream_id' }, { pointer: '/route/through/service_id', message }];
    expect(await publish()).toMatchObject(unpublishable(places));
    const told = [{}, { message: '按其 scheme，此服务的上游用于四层路由。' }];
    expect(await publish('zh-CN')).toMatchObject(unpublishable(told));
    await force('upstream', 'u', upstream);
    expect(await publish()).toMatchObject({ status: 200 });
  });
});

describe('an upstream of a scheme that no gateway serves', () => {
  const message = 'No gateway serves upstreams of the scheme kafka.';

  it('is refused when it is written, by itself and inside of routes and services', async () => {
    expect(await put('upstreams/u', kafka)).toMatchObject(refusal('/value/scheme', message));
    expect(await put('services/s', { upstream: kafka })).toMatchObject(refusal('/value/upstream/scheme', message));
    expect(await put('routes/r', { uri: '/r', upstream: kafka })).toMatchObject(
      refusal('/value/upstream/scheme', message),
    );
    expect(await put('stream-routes/s', { upstream: kafka })).toMatchObject(refusal('/value/upstream/scheme'));
    expect(await put('upstreams/u', kafka, { language: 'zh-CN' })).toMatchObject(
      refusal('/value/scheme', '没有网关支持 scheme 为 kafka 的上游。'),
    );
  });

  it('is refused at publish, where it was drafted before', async () => {
    await write('upstreams/u', upstream);
    await write('services/s', { upstream });
    await write('routes/r', { uri: '/r', upstream });
    await force('upstream', 'u', kafka);
    await force('service', 's', { upstream: kafka });
    await force('route', 'r', { uri: '/r', upstream: kafka });
    const { status, body } = await publish();
    expect(status).toBe(409);
    const places = ['/route/r/upstream/scheme', '/service/s/upstream/scheme', '/upstream/u/scheme'];
    expect(body).toMatchObject({ errors: places.map((pointer) => ({ pointer, message })) });
    expect((await request('upstreams/u')).body).toMatchObject({ value: kafka });
  });
});
