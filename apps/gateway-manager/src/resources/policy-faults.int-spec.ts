import type { Page } from '@tollgate/contracts/rest';
import type { DraftResource } from '@tollgate/contracts/rest/gateway';
import { describe, expect, it } from 'vitest';
import { groupScene } from '../testing/group-scene.ts';
import type { RequestOptions } from '../testing/start-gateway-manager.ts';

const scene = groupScene();
const { request } = scene;

const put = (path: string, value: object, more: Pick<RequestOptions, 'ifMatch' | 'language'> = {}) =>
  request(path, { method: 'PUT', body: { value }, ...more });

const limit = { count: 5, time_window: 60 };
const refusal = (pointer: string, message?: string) => ({
  status: 400,
  body: { code: 'request.invalid', errors: [{ pointer, ...(message === undefined ? {} : { message }) }] },
});

describe.each([
  ['consumers', 'consumer', { username: 'one' }],
  ['consumer-groups', 'consumer_group', {}],
  ['global-policies', 'global_rule', {}],
])('writing %s', (segment, kind, others) => {
  const holding = (plugins: object) => ({ ...others, plugins });
  const wrong = holding({ 'limit-count': { ...limit, count: 'many' } });

  it('takes policies with options that their schemas take', async () => {
    const value = holding({ 'limit-count': { ...limit, _meta: { priority: 5 } }, 'request-id': {} });
    expect(await request(segment, { body: { id: 'one', value } })).toMatchObject({ status: 201, body: { value } });
    expect((await put(`${segment}/one`, value, { ifMatch: 1 })).status).toBe(200);
    expect((await request('publish', { body: { baseRevision: 1 } })).status).toBe(200);
  });

  it('refuses a wrong option with its place, when it is made and when it is changed', async () => {
    const refused = refusal('/value/plugins/limit-count/count');
    expect(await request(segment, { body: { id: 'one', value: wrong } })).toMatchObject(refused);
    expect(await put(`${segment}/one`, wrong)).toMatchObject(refused);
    expect((await request(`${segment}/one`)).status).toBe(404);
    const value = holding({ 'limit-count': limit });
    await put(`${segment}/one`, value);
    expect(await put(`${segment}/one`, wrong, { ifMatch: 1 })).toMatchObject(refused);
    expect((await request(`${segment}/one`)).body).toMatchObject({ version: 1, value });
  });

  it('refuses a policy that does not exist', async () => {
    const refused = refusal('/value/plugins/no-such', 'there is no policy "no-such"');
    const value = holding({ 'no-such': {} });
    expect(await request(segment, { body: { id: 'one', value } })).toMatchObject(refused);
    expect(await put(`${segment}/one`, value)).toMatchObject(refused);
  });

  it('tells so in the language of the reader', async () => {
    const language = 'zh-CN';
    const unknown = await put(`${segment}/one`, holding({ 'no-such': {} }), { language });
    expect(unknown).toMatchObject(refusal('/value/plugins/no-such', '没有策略“no-such”'));
    expect(unknown.headers.get('content-language')).toBe('zh-CN');
    const answer = await put(`${segment}/one`, wrong, { language });
    expect(answer).toMatchObject(refusal('/value/plugins/limit-count/count'));
    expect(JSON.stringify(answer.body)).toMatch(/"message":"[^"]*\p{Script=Han}/u);
  });

  it('keeps what was saved before readable and listed, and does not publish it', async () => {
    await put(`${segment}/one`, holding({}));
    await scene.manager.database.query(
      'update gateway.draft_resources set value = $1 where group_id = $2 and kind = $3',
      [JSON.stringify(wrong), scene.group.id, kind],
    );
    expect(await request(`${segment}/one`)).toMatchObject({ status: 200, body: { value: wrong } });
    expect((await request<Page<DraftResource>>(segment)).body.items).toMatchObject([{ id: 'one', value: wrong }]);
    expect(await request('publish', { body: { baseRevision: 1 } })).toMatchObject({
      status: 409,
      body: {
        code: 'gateway.configuration_invalid',
        errors: [{ pointer: `/${kind}/one/plugins/limit-count/count` }],
      },
    });
    expect((await put(`${segment}/one`, holding({ 'limit-count': limit }), { ifMatch: 1 })).status).toBe(200);
    expect((await request('publish', { body: { baseRevision: 1 } })).status).toBe(200);
  });
});

describe('an authentication policy', () => {
  it('is the credential of a consumer, and is checked as one', async () => {
    const write = (keyAuth: object) => put('consumers/bob', { username: 'bob', plugins: { 'key-auth': keyAuth } });
    expect(await write({ header: 'x' })).toMatchObject(
      refusal('/value/plugins/key-auth', 'exactly one of key and key_sha256 is required'),
    );
    expect(await write({ key_sha256: 'short' })).toMatchObject(refusal('/value/plugins/key-auth/key_sha256'));
    expect(await write({ key: 'k', expires_at: 'tomorrow' })).toMatchObject(
      refusal('/value/plugins/key-auth/expires_at'),
    );
    expect((await write({ key: 'k' })).status).toBe(200);
  });

  it('stands for itself elsewhere', async () => {
    expect((await put('global-policies/g', { plugins: { 'key-auth': {} } })).status).toBe(200);
    expect(await put('consumer-groups/g', { plugins: { 'key-auth': { header: 5 } } })).toMatchObject(
      refusal('/value/plugins/key-auth/header'),
    );
  });
});
