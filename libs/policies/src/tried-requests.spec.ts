import { createHash } from 'node:crypto';
import { tryRequest } from '@tollgate/contracts/dataplane';
import { resource, type TestEngine, testGroupId } from '@tollgate/engine/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { startGateway } from './testing.ts';

let gateway: TestEngine;
afterEach(() => gateway.stop());

const limit = { count: 1, time_window: 60, key_type: 'var', key: 'consumer_name', rejected_code: 429 };
const access = [
  resource('consumer_group', 'plv_a', { plugins: { 'limit-count': limit } }),
  resource('consumer', 'sub_a', {
    username: 'sub_a',
    group_id: 'plv_a',
    labels: { application: 'app_1' },
    plugins: { 'proxy-rewrite': { headers: { set: { 'x-consumer': 'secret-of-a-consumer' } } } },
  }),
  resource('credential', 'sub_a/credentials/crd_a', {
    plugins: { 'key-auth': { key_sha256: createHash('sha256').update('key-a').digest('hex') } },
  }),
];

async function tryWith(...headers: { name: string; value: string }[]) {
  const request = tryRequest.parse({ headers });
  const outcome = await gateway.engine.tryRequest({ groupId: testGroupId, request });
  if (outcome.outcome !== 'done') throw new Error(outcome.detail);
  return outcome;
}

describe('a request that is tried', () => {
  it('tells who calls, and the policies that the caller brings along', async () => {
    gateway = await startGateway({
      plugins: { 'key-auth': {}, 'response-rewrite': { headers: { set: { x: '1' } } } },
      access,
    });
    const { response, trace } = await tryWith({ name: 'apikey', value: 'key-a' });
    expect(response?.status).toBe(200);
    expect(trace.consumer).toEqual({
      id: 'sub_a',
      consumerGroupId: 'plv_a',
      credentialId: 'crd_a',
      labels: { application: 'app_1' },
    });
    expect(
      trace.policies.map(({ name, source, outcome, authenticated, requestHeaders, responseHeaders }) => {
        return { name, from: `${source.kind}/${source.id}`, outcome, authenticated, requestHeaders, responseHeaders };
      }),
    ).toMatchObject([
      { name: 'key-auth', from: 'route/r1', outcome: 'passed', authenticated: true },
      { name: 'proxy-rewrite', from: 'consumer/sub_a', outcome: 'changed', requestHeaders: ['x-consumer'] },
      { name: 'limit-count', from: 'consumer-group/plv_a', outcome: 'changed' },
      { name: 'response-rewrite', from: 'route/r1', outcome: 'changed', responseHeaders: ['x'] },
    ]);
    expect(JSON.stringify(trace)).not.toMatch(/key-a"|secret-of-a-consumer/);
  });

  it('uses up the limits of the caller, and tells which policy refused it with which code', async () => {
    gateway = await startGateway({ plugins: { 'key-auth': {} }, access });
    expect((await tryWith({ name: 'apikey', value: 'key-a' })).response?.status).toBe(200);
    const { response, trace } = await tryWith({ name: 'apikey', value: 'key-a' });
    expect(response?.status).toBe(429);
    expect(trace).toMatchObject({
      answeredBy: 'policy',
      refusal: { policy: 'limit-count', status: 429, code: 'gateway.rate_limited' },
      nodes: [],
      billable: false,
    });
    expect(trace.policies.at(-1)).toMatchObject({ name: 'limit-count', outcome: 'refused', status: 429 });
  });

  it('tells what the gateway itself refuses', async () => {
    const suspension = resource('suspension', 's1', {
      subject: { type: 'consumer', consumerId: 'sub_a' },
      reason: 'suspended',
    });
    gateway = await startGateway({ plugins: { 'key-auth': {} }, access: [...access, suspension] });
    const { response, trace } = await tryWith({ name: 'apikey', value: 'key-a' });
    expect(response?.status).toBe(403);
    expect(trace).toMatchObject({
      answeredBy: 'gateway',
      refusal: { policy: null, status: 403, code: 'gateway.subscription_suspended' },
      consumer: { id: 'sub_a' },
    });
  });
});
