import { resource, send, type TestEngine } from '@tollgate/engine/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { type PolicyTest, startGateway } from '../testing.ts';

let gateway: TestEngine;
let now = 0;
afterEach(() => gateway.stop());

async function start(options: Record<string, unknown>, test: PolicyTest = {}): Promise<void> {
  now = Date.parse('2030-01-01T00:00:00Z');
  const limit = { count: 2, time_window: 60, ...options };
  gateway = await startGateway({ plugins: { 'limit-count': limit }, clock: () => now, ...test });
}

async function statuses(calls: number, headers: Record<string, string> = {}): Promise<number[]> {
  const seen: number[] = [];
  for (let index = 0; index < calls; index++) seen.push((await send(gateway.port, '/', { headers })).status);
  return seen;
}

describe('limit-count', () => {
  it('answers 503 over the limit as APISIX does, until the window ends', async () => {
    await start({});
    expect(await statuses(3)).toEqual([200, 200, 503]);
    now += 59_999;
    expect(await statuses(1)).toEqual([503]);
    now += 1;
    expect(await statuses(3)).toEqual([200, 200, 503]);
  });

  it('answers 429 with a problem document and the time to wait when told to', async () => {
    await start({ rejected_code: 429, rejected_msg: 'slow down' });
    await statuses(2);
    now += 20_000;
    const answer = await send(gateway.port, '/');
    expect(answer.json()).toMatchObject({ status: 429, code: 'gateway.rate_limited', detail: 'slow down' });
    expect(answer.headers).toMatchObject({
      'retry-after': '40',
      'x-ratelimit-limit': '2',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '40',
    });
  });

  it('tells what is left, unless told not to', async () => {
    await start({});
    expect((await send(gateway.port, '/')).headers).toMatchObject({
      'x-ratelimit-limit': '2',
      'x-ratelimit-remaining': '1',
    });
    await gateway.stop();
    await start({ show_limit_quota_header: false });
    expect((await send(gateway.port, '/')).headers).not.toHaveProperty('x-ratelimit-limit');
  });

  it('names its headers as the group’s metadata says', async () => {
    await start({}, { revision: [resource('plugin_metadata', 'limit-count', { limit_header: 'X-Limit' })] });
    expect((await send(gateway.port, '/')).headers).toMatchObject({ 'x-limit': '2', 'x-ratelimit-remaining': '1' });
  });

  it('counts by a variable, a combination or nothing', async () => {
    await start({ count: 1, key: 'http_x_user' });
    expect([...(await statuses(2, { 'x-user': 'a' })), ...(await statuses(2, { 'x-user': 'b' }))]).toEqual([
      200, 503, 200, 503,
    ]);
    await gateway.stop();
    await start({ count: 1, key_type: 'var_combination', key: '$http_x_user ${http_x_app}' });
    expect(await statuses(1, { 'x-user': 'a', 'x-app': '1' })).toEqual([200]);
    expect(await statuses(2, { 'x-user': 'a', 'x-app': '2' })).toEqual([200, 503]);
    await gateway.stop();
    await start({ count: 1, key_type: 'constant', key: 'all' });
    expect([...(await statuses(1, { 'x-user': 'a' })), ...(await statuses(1, { 'x-user': 'b' }))]).toEqual([200, 503]);
  });

  it('keeps its counters when other things change, and starts anew when its options do', async () => {
    await start({ count: 1 });
    const route = (more: Record<string, unknown>, count: number) =>
      resource('route', 'r1', {
        uri: '/*',
        plugins: { 'limit-count': { count, time_window: 60 } },
        upstream: { nodes: {} },
        ...more,
      });
    expect(await statuses(2)).toEqual([200, 503]);
    gateway.apply('revision', [route({ name: 'renamed' }, 1)]);
    expect((await send(gateway.port, '/')).json()).toMatchObject({ code: 'gateway.rate_limited' });
    gateway.apply('revision', [route({}, 2)]);
    expect((await send(gateway.port, '/')).json()).toMatchObject({ code: 'gateway.no_upstream' });
  });

  it('shares one counter among resources of a group', async () => {
    const plugins = { 'limit-count': { count: 1, time_window: 60, group: 'g', key: 'remote_addr' } };
    const second = resource('route', 'r2', { uri: '/second', plugins, upstream: { nodes: {} } });
    await start({ count: 1, group: 'g', key: 'remote_addr' }, { revision: [second] });
    expect(await statuses(1)).toEqual([200]);
    expect((await send(gateway.port, '/second')).json()).toMatchObject({ code: 'gateway.rate_limited' });
  });

  it('never lets more through than it may, however many calls come at once', async () => {
    await start({ count: 50 });
    const answers = await Promise.all(Array.from({ length: 120 }, () => send(gateway.port, '/')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(50);
  });
});
