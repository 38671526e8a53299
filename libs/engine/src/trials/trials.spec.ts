import { type TryOutcome, type TryRequest, tryRequest } from '@tollgate/contracts/dataplane';
import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { definePolicy } from '../policy/define-policy.ts';
import { resource, send, startEngine, startUpstream, type TestEngine, testGroupId } from '../testing/index.ts';
import { keep } from '../testing/keep.ts';

const marker = definePolicy({
  name: 'marker',
  title: 'Marker',
  description: 'Marks requests and answers, or refuses.',
  priority: 10,
  direction: 'both',
  shared: 'allowed',
  schema: z.object({ name: z.string(), late: z.boolean().default(false) }),
  errors: [],
  compile: ({ name, late }) => ({
    onRewrite: (call) => call.upstreamRequest.headers.set(name, 'secret-value'),
    onRequest: async () => (late ? await Promise.resolve(undefined) : undefined),
    onResponse: (call) => call.responseHeaders.set(`${name}-answer`, '1'),
  }),
});
const teapot = definePolicy({
  name: 'teapot',
  title: 'Teapot',
  description: 'Answers itself.',
  priority: 5,
  direction: 'inbound',
  shared: 'allowed',
  schema: z.object({}),
  errors: [],
  compile: () => ({ onRequest: (call) => call.respond({ status: 418, body: 'short and stout' }) }),
});
const policies = [marker, teapot];

async function start(put: Parameters<TestEngine['apply']>[1], hosts = ['api.test']): Promise<TestEngine> {
  return keep(startEngine({ policies }, { hosts, revision: put }));
}

function tryOn({ engine }: TestEngine, request: z.input<typeof tryRequest>, more: object = {}): Promise<TryOutcome> {
  return engine.tryRequest({ groupId: testGroupId, request: tryRequest.parse(request) satisfies TryRequest, ...more });
}

async function answerOf(engine: TestEngine, request: z.input<typeof tryRequest>, more: object = {}) {
  const outcome = await tryOn(engine, request, more);
  if (outcome.outcome !== 'done' || outcome.response === null) throw new Error(JSON.stringify(outcome));
  return { response: outcome.response, trace: outcome.trace };
}

describe('a try', () => {
  it('gets the answer that a client gets, and tells route, service, upstream, node and times', async () => {
    const upstream = await keep(startUpstream());
    const engine = await start([
      resource('upstream', 'u1', { name: 'backend', nodes: { [upstream.address]: 1 } }),
      resource('service', 's1', { name: 'shop', upstream_id: 'u1' }),
      resource('route', 'r1', { name: 'items', uri: '/items/*', service_id: 's1', methods: ['POST'] }),
    ]);
    const body = { encoding: 'text', content: 'häuser' } as const;
    const { response, trace } = await answerOf(engine, {
      method: 'POST',
      path: '/items/1',
      query: 'a=b',
      headers: [{ name: 'X-Own', value: '1' }],
      body,
    });
    expect(response).toMatchObject({ status: 200, truncated: false, body: { encoding: 'text' } });
    expect(JSON.parse(response.body.content)).toMatchObject({
      method: 'POST',
      url: '/items/1?a=b',
      headers: { host: 'api.test', 'x-own': '1', 'content-length': '7' },
    });
    expect(trace).toMatchObject({
      route: { id: 'r1', name: 'items', pattern: '/items/*' },
      service: { id: 's1', name: 'shop' },
      upstream: { id: 'u1', name: 'backend' },
      nodes: [{ node: upstream.address, result: 'answered', status: 200 }],
      answeredBy: 'upstream',
      refusal: null,
      consumer: null,
      billable: false,
      nearMisses: [],
    });
    expect(trace.totalMs).toBeGreaterThanOrEqual(trace.upstreamMs);
    expect(trace.upstreamMs).toBeGreaterThan(0);
  });

  it('tells the routes that nearly matched, and what was wrong', async () => {
    const upstream = { nodes: { '127.0.0.1:9': 1 } };
    const engine = await start(
      [
        resource('route', 'by-method', { uri: '/a/*', methods: ['POST'], upstream }),
        resource('route', 'by-host', { uri: '/a/*', host: 'other.test', upstream }),
        resource('route', 'by-vars', { uri: '/a/*', vars: [['arg_x', '==', '1']], upstream }),
        resource('route', 'by-path', { uri: '/abc', upstream }),
        resource('route', 'by-two', { uri: '/abc', methods: ['POST'], upstream }),
      ],
      ['api.test', 'other.test'],
    );
    const { response, trace } = await answerOf(engine, { path: '/a/b' });
    expect(response.status).toBe(404);
    expect(trace).toMatchObject({
      route: null,
      answeredBy: 'gateway',
      refusal: { policy: null, status: 404, code: 'gateway.route_not_found' },
      allRoutesSeen: true,
    });
    expect(trace.nearMisses.map(({ routeId, mismatch }) => [routeId, mismatch])).toEqual([
      ['by-method', 'method'],
      ['by-host', 'host'],
      ['by-vars', 'vars'],
      ['by-path', 'path'],
    ]);
    expect(trace.nearMisses[0]?.expected).toEqual(['POST']);
  });

  it('tells each policy, where it is written and what it changed, never a value', async () => {
    const upstream = await keep(startUpstream());
    const engine = await start([
      resource('global_rule', 'g1', { plugins: { marker: { name: 'x-global' } } }),
      resource('plugin_config', 't1', { plugins: { teapot: { _meta: { disable: true } } } }),
      resource('service', 's1', { upstream: { nodes: { [upstream.address]: 1 } }, plugins: { teapot: {} } }),
      resource('route', 'r1', {
        uri: '/*',
        service_id: 's1',
        plugin_config_id: 't1',
        plugins: { marker: { name: 'x-route', late: true } },
      }),
    ]);
    const { response, trace } = await answerOf(engine, {});
    expect(response.headers.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['x-global-answer', 'x-route-answer']),
    );
    const told = trace.policies.map(({ name, phase, source, outcome, requestHeaders, responseHeaders }) => {
      return [name, phase, `${source.kind}/${source.id}`, outcome, ...requestHeaders, ...responseHeaders];
    });
    expect(told).toEqual([
      ['marker', 'rewrite', 'global/g1', 'changed', 'x-global'],
      ['marker', 'request', 'global/g1', 'passed'],
      ['marker', 'rewrite', 'route/r1', 'changed', 'x-route'],
      ['marker', 'request', 'route/r1', 'passed'],
      ['marker', 'response', 'global/g1', 'changed', 'x-global-answer'],
      ['marker', 'response', 'route/r1', 'changed', 'x-route-answer'],
    ]);
    expect(JSON.stringify(trace)).not.toContain('secret-value');
  });

  it('names the policy that answered in place of the upstream', async () => {
    const engine = await start([resource('route', 'r1', { uri: '/*', plugins: { teapot: {} } })]);
    const { response, trace } = await answerOf(engine, {});
    expect(response).toMatchObject({ status: 418, body: { content: 'short and stout' } });
    expect(trace).toMatchObject({ answeredBy: 'policy', nodes: [], refusal: null });
    expect(trace.policies.at(-1)).toMatchObject({ name: 'teapot', outcome: 'answered', status: 418 });
  });

  it('tells every node that was asked, and why it did not do', async () => {
    const good = await keep(startUpstream());
    const gone = await startUpstream();
    await gone.stop();
    const nodes = [gone, good].map(({ port }, index) => ({ host: '127.0.0.1', port, weight: 1, priority: -index }));
    const engine = await start([resource('route', 'r1', { uri: '/*', upstream: { nodes, retries: 1 } })]);
    const { trace } = await answerOf(engine, {});
    expect(trace.nodes).toMatchObject([
      { node: gone.address, result: 'unreachable' },
      { node: good.address, result: 'answered', status: 200 },
    ]);
  });

  it('tells why no node has answered', async () => {
    const engine = await start([resource('route', 'r1', { uri: '/*', upstream: { nodes: { '127.0.0.1:9': 1 } } })]);
    const { response, trace } = await answerOf(engine, {});
    expect(response.status).toBe(502);
    expect(trace).toMatchObject({
      answeredBy: 'gateway',
      refusal: { policy: null, status: 502, code: 'gateway.upstream_failed' },
    });
  });

  it('is counted apart from calls, billed to nobody or to the developer who makes it, and leaves no connection behind', async () => {
    const upstream = await keep(startUpstream());
    const engine = await start([
      resource('route', 'r1', { uri: '/*', upstream: { nodes: { [upstream.address]: 1 } } }),
    ]);
    expect((await answerOf(engine, {})).trace.billable).toBe(false);
    expect(engine.engine.drainLedger()).toMatchObject([
      { routeId: 'r1', calls: 1, billable: 0, status: 200, tried: true },
    ]);
    const scope = { routeIds: ['r1'], serviceIds: [] };
    expect((await answerOf(engine, {}, { scope })).trace.billable).toBe(true);
    expect((await send(engine.port, '/')).status).toBe(200);
    const rows = engine.engine.drainLedger().map(({ calls, billable, tried }) => [calls, billable, tried]);
    expect(rows).toEqual([
      [1, 1, true],
      [1, 1, undefined],
    ]);
    expect(engine.engine.status()).toMatchObject({ callsCounted: 3, connections: 0 });
  });

  it('leads to no route outside of its scope, which is answered like one that does not exist', async () => {
    const upstream = await keep(startUpstream());
    const to = { nodes: { [upstream.address]: 1 } };
    const engine = await start([
      resource('route', 'mine', { uri: '/mine', upstream: to }),
      resource('route', 'other', { uri: '/other', upstream: to }),
    ]);
    const scope = { routeIds: ['mine'], serviceIds: [] };
    expect((await answerOf(engine, { path: '/mine' }, { scope })).response.status).toBe(200);
    const hidden = await answerOf(engine, { path: '/other' }, { scope });
    expect(hidden.response.status).toBe(404);
    expect(hidden.trace).toMatchObject({ route: null, nearMisses: [{ routeId: 'mine', mismatch: 'path' }], nodes: [] });
    expect(upstream.requests).toHaveLength(1);
  });

  it('reaches no other group of the data plane', async () => {
    const engine = await keep(
      startEngine({ policies }, { id: 'g1', hosts: ['one.test'] }, { id: 'g2', hosts: ['two.test'] }),
    );
    const request = (host: string) => ({ groupId: 'g1', request: tryRequest.parse({ host }) });
    expect(await engine.engine.tryRequest(request('two.test'))).toMatchObject({ reason: 'foreign-host' });
    expect(await engine.engine.tryRequest({ ...request('one.test'), groupId: 'g3' })).toMatchObject({
      reason: 'not-served',
    });
    expect(engine.engine.status().callsCounted).toBe(0);
  });

  it('tells the first 64 KiB of an answer, and bytes that are no text in base64', async () => {
    const upstream = await keep(startUpstream((_request, response) => response.end(Buffer.alloc(300_000, 0xff))));
    const engine = await start([
      resource('route', 'r1', { uri: '/*', upstream: { nodes: { [upstream.address]: 1 } } }),
    ]);
    const { response } = await answerOf(engine, {});
    expect(response).toMatchObject({ bodyBytes: 65_536, truncated: true, body: { encoding: 'base64' } });
    expect(engine.engine.status().connections).toBe(0);
  });

  it('carries a body of 64 KiB', async () => {
    const upstream = await keep(startUpstream((request, response) => request.pipe(response)));
    const engine = await start([
      resource('route', 'r1', { uri: '/*', upstream: { nodes: { [upstream.address]: 1 } } }),
    ]);
    const content = 'x'.repeat(65_536);
    const { response } = await answerOf(engine, { method: 'POST', body: { encoding: 'text', content } });
    expect(response.body.content).toBe(content);
  });

  it('is given up in time when nobody answers', async () => {
    const upstream = await keep(startUpstream(() => undefined));
    const engine = await start([
      resource('route', 'r1', { uri: '/*', upstream: { nodes: { [upstream.address]: 1 } } }),
    ]);
    expect(await tryOn(engine, {}, { withinMs: 50 })).toMatchObject({
      outcome: 'done',
      response: null,
      trace: { route: { id: 'r1' }, nodes: [{ node: upstream.address, result: 'pending' }] },
    });
    expect(engine.engine.status().connections).toBe(0);
    expect(engine.engine.drainLedger()).toMatchObject([{ status: 499, calls: 1 }]);
  });

  it('comes over TLS or not, and from the address that it names', async () => {
    const upstream = await keep(startUpstream());
    const engine = await start([
      resource('route', 'r1', { uri: '/*', upstream: { nodes: { [upstream.address]: 1 } } }),
    ]);
    const { response } = await answerOf(engine, { scheme: 'https' }, { clientAddress: '203.0.113.7' });
    expect(JSON.parse(response.body.content)).toMatchObject({
      headers: { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.7' },
    });
  });
});

describe('what can be tried', () => {
  it.each([
    [{ headers: [{ name: 'Host', value: 'x' }] }],
    [{ headers: [{ name: 'transfer-encoding', value: 'chunked' }] }],
    [{ headers: [{ name: 'x', value: 'a\r\nb: c' }] }],
    [{ path: '/a?b' }],
    [{ path: '/a b' }],
    [{ path: 'a' }],
    [{ query: 'a#b' }],
    [{ method: 'CONNECT' }],
    [{ body: { encoding: 'text', content: 'ä'.repeat(40_000) } }],
    [{ body: { encoding: 'base64', content: '?' } }],
  ])('is not %j', (request) => {
    expect(tryRequest.safeParse(request).success).toBe(false);
  });
});
