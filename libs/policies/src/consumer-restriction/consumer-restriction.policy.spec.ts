import { resource, send, type TestEngine } from '@tollgate/engine/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { startGateway } from '../testing.ts';

let gateway: TestEngine;
afterEach(() => gateway.stop());

const consumers = ['jack', 'jill'].flatMap((name) => [
  resource('consumer', name, { username: name, group_id: `${name}s`, plugins: { 'key-auth': { key: name } } }),
  resource('consumer_group', `${name}s`, { plugins: {} }),
]);

async function start(options: Record<string, unknown>, withKeys = true): Promise<void> {
  const auth = withKeys ? { 'key-auth': {} } : {};
  gateway = await startGateway({ plugins: { ...auth, 'consumer-restriction': options }, revision: consumers });
}

async function call(apikey: string, method = 'GET') {
  return send(gateway.port, '/', { method, headers: { apikey } });
}

describe('consumer-restriction', () => {
  it.each([
    ['whitelist', { whitelist: ['jack'] }, [200, 403]],
    ['blacklist', { blacklist: ['jack'] }, [403, 200]],
    ['groups', { type: 'consumer_group_id', whitelist: ['jills'] }, [403, 200]],
    ['routes', { type: 'route_id', whitelist: ['r1'] }, [200, 200]],
    ['own status', { blacklist: ['jack'], rejected_code: 404 }, [404, 200]],
  ])('decides by %s', async (_name, options, expected) => {
    await start(options);
    expect([(await call('jack')).status, (await call('jill')).status]).toEqual(expected);
  });

  it('limits the methods of those it names', async () => {
    await start({ allowed_by_methods: [{ user: 'jack', methods: ['POST'] }] });
    expect([(await call('jack')).status, (await call('jack', 'POST')).status, (await call('jill')).status]).toEqual([
      403, 200, 200,
    ]);
  });

  it('says who is forbidden what', async () => {
    await start({ blacklist: ['jack'] });
    expect((await call('jack')).json()).toMatchObject({
      code: 'gateway.consumer_forbidden',
      detail: 'The consumer_name is forbidden.',
    });
  });

  it('refuses callers without an identity with 401', async () => {
    await start({ whitelist: ['jack'] }, false);
    expect((await call('jack')).json()).toMatchObject({ status: 401, code: 'gateway.consumer_unidentified' });
  });
});
