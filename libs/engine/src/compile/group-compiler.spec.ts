import { contentHash, type GatewayResource, GroupHash } from '@tollgate/contracts/gateway';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { definePolicy } from '../policy/define-policy.ts';
import { resource, send, startEngine, startUpstream, type TestEngine } from '../testing/index.ts';

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const part of running.splice(0).reverse()) await part.stop();
});

/** Notes its `mark` in the answer, in the order in which policies run; `stop` refuses. */
const mark = (name: string, priority: number) =>
  definePolicy({
    name,
    title: name,
    description: 'For tests.',
    priority,
    direction: 'inbound',
    shared: name === 'forbidden-mark' ? 'forbidden' : 'allowed',
    schema: z.looseObject({ mark: z.string(), later: z.boolean().default(false) }),
    errors: [],
    compile: ({ mark: text, later }) => ({
      onRequest(call) {
        call.responseHeaders.append('x-marks', `${name}=${text}`);
        return later ? Promise.resolve(undefined) : undefined;
      },
    }),
  });

const identify = definePolicy({
  name: 'identify',
  title: 'identify',
  description: 'For tests: the caller is whoever x-user names.',
  priority: 50,
  direction: 'inbound',
  shared: 'allowed',
  schema: z.looseObject({}),
  errors: [],
  credential: { schema: z.looseObject({ user: z.string() }), lookupKey: ({ user }) => user },
  compile: (_options, { credentials }) => ({
    onRewrite(call) {
      const match = credentials.find(call.header('x-user') ?? '');
      if (match?.state === 'active') call.authenticate(match.caller);
    },
  }),
});

const policies = [mark('first', 30), mark('second', 20), mark('third', 10), mark('forbidden-mark', 5), identify];
const marks = (...names: string[]) =>
  Object.fromEntries(names.map((text) => text.split('=')).map(([name = '', value]) => [name, { mark: value }]));

async function start(revision: GatewayResource[], options: { isShared?: boolean } = {}): Promise<TestEngine> {
  const upstream = await startUpstream();
  running.push(upstream);
  const nodes = { [upstream.address]: 1 };
  const engine = await startEngine(
    { policies, ...options },
    { revision: [resource('upstream', 'u1', { nodes }), ...revision] },
  );
  running.push(engine);
  return engine;
}

async function marksOf({ port }: TestEngine, path = '/', user = ''): Promise<string[]> {
  const { headers } = await send(port, path, { headers: { 'x-user': user } });
  return headers['x-marks'] === undefined ? [] : String(headers['x-marks']).split(', ');
}

describe('precedence', () => {
  const levels = (strongest: number) => {
    const levelPlugins = (level: number) => (level >= strongest ? marks(`first=${level}`) : {});
    return [
      resource('plugin_config', 'of-service', { plugins: levelPlugins(6) }),
      resource('service', 's1', { upstream_id: 'u1', plugins: levelPlugins(5), plugin_config_id: 'of-service' }),
      resource('plugin_config', 'of-route', { plugins: levelPlugins(4) }),
      resource('route', 'r1', {
        uri: '/*',
        service_id: 's1',
        plugin_config_id: 'of-route',
        plugins: { identify: {}, ...levelPlugins(3) },
      }),
      resource('consumer_group', 'g1', { plugins: levelPlugins(2) }),
      resource('consumer', 'jack', {
        username: 'jack',
        group_id: 'g1',
        plugins: { identify: { user: 'jack' }, ...levelPlugins(1) },
      }),
    ];
  };

  it.each([
    ['consumer', 1],
    ['consumer group', 2],
    ['route', 3],
    ['template of the route', 4],
    ['service', 5],
    ['template of the service', 6],
  ])('takes a policy from the %s when no stronger level has it', async (_name, strongest) => {
    expect(await marksOf(await start(levels(strongest)), '/', 'jack')).toEqual([`first=${strongest}`]);
  });

  it('leaves other callers with the policies of the route', async () => {
    expect(await marksOf(await start(levels(1)), '/', 'nobody')).toEqual(['first=3']);
  });

  it('runs global rules apart from, and before, all others', async () => {
    const engine = await start([
      resource('global_rule', 'g', { plugins: marks('first=global', 'third=global') }),
      resource('route', 'r1', { uri: '/*', upstream_id: 'u1', plugins: marks('first=route') }),
    ]);
    expect(await marksOf(engine)).toEqual(['first=global', 'third=global', 'first=route']);
  });
});

describe('order', () => {
  const route = (plugins: Record<string, unknown>) => [
    resource('route', 'r1', { uri: '/*', upstream_id: 'u1', plugins }),
  ];

  it('is by priority, which _meta can change', async () => {
    expect(await marksOf(await start(route(marks('third=c', 'first=a', 'second=b'))))).toEqual([
      'first=a',
      'second=b',
      'third=c',
    ]);
    const moved = { ...marks('first=a', 'second=b'), third: { mark: 'c', _meta: { priority: 100 } } };
    expect(await marksOf(await start(route(moved)))).toEqual(['third=c', 'first=a', 'second=b']);
  });

  it('is kept by policies that answer later', async () => {
    const plugins = { ...marks('third=c', 'second=b'), first: { mark: 'a', later: true } };
    expect(await marksOf(await start(route(plugins)))).toEqual(['first=a', 'second=b', 'third=c']);
  });

  it('leaves out what _meta disables, also on the levels below', async () => {
    const engine = await start([
      resource('service', 's1', { upstream_id: 'u1', plugins: marks('first=service', 'second=service') }),
      resource('route', 'r1', {
        uri: '/*',
        service_id: 's1',
        plugins: { first: { mark: 'a', _meta: { disable: true } } },
      }),
    ]);
    expect(await marksOf(engine)).toEqual(['second=service']);
  });
});

describe('a change', () => {
  const route = (id: string, value: Record<string, unknown>) =>
    resource('route', id, { uri: `/${id}`, upstream_id: 'u1', ...value });

  it.each([
    ['a faulty field', route('r2', { uri: 'no-slash' }), '/uri'],
    ['an unknown policy', route('r2', { plugins: { nonsense: {} } }), '/plugins/nonsense'],
    ['a faulty option', route('r2', { plugins: { first: { mark: 1 } } }), '/plugins/first/mark'],
    ['a missing service', route('r2', { service_id: 'gone' }), ''],
    ['a missing upstream', route('r2', { upstream_id: 'gone' }), ''],
    ['a faulty condition', route('r2', { vars: [['a', '=', 1]] }), ''],
    ['Lua', route('r2', { filter_func: 'function() end' }), ''],
    ['an unsupported scheme', resource('upstream', 'u2', { nodes: {}, scheme: 'kafka' }), ''],
    ['a broken certificate', resource('ssl', 'c', { sni: 'a', cert: 'x'.repeat(200), key: 'x'.repeat(200) }), '/cert'],
    [
      'a second global policy of a type',
      resource('global_rule', 'g2', { plugins: marks('first=x') }),
      '/plugins/first',
    ],
    [
      'a kind of the other sequence',
      resource('revocation', 'v', { subject: { type: 'credential', credentialId: 'c' } }),
      '',
    ],
  ])('with %s is refused as a whole, with its place, and nothing of it is in force', async (_name, faulty, pointer) => {
    const engine = await start([route('r1', {}), resource('global_rule', 'g1', { plugins: marks('first=g') })]);
    const before = engine.engine.status();
    const result = engine.engine.apply('g1', 'revision', { put: [route('good', {}), faulty] });
    expect(result).toMatchObject({
      ok: false,
      reason: 'invalid',
      faults: [{ kind: faulty.kind, id: faulty.id, pointer }],
    });
    expect((await send(engine.port, '/good')).status).toBe(404);
    expect((await send(engine.port, '/r1')).status).toBe(200);
    expect({ ...engine.engine.status(), callsCounted: 0 }).toEqual({ ...before, callsCounted: 0 });
  });

  it('that deletes what others use is refused, naming them', async () => {
    const engine = await start([route('r1', {})]);
    const result = engine.engine.apply('g1', 'revision', { delete: [{ kind: 'upstream', id: 'u1' }] });
    expect(result).toMatchObject({ ok: false, faults: [{ kind: 'route', id: 'r1' }] });
    expect((await send(engine.port, '/r1')).status).toBe(200);
  });

  it('of a service, template or upstream reaches the routes that use it', async () => {
    const engine = await start([
      resource('plugin_config', 't1', { plugins: marks('first=1') }),
      resource('service', 's1', { upstream_id: 'u1', plugin_config_id: 't1' }),
      resource('route', 'r1', { uri: '/*', service_id: 's1' }),
    ]);
    expect(await marksOf(engine)).toEqual(['first=1']);
    engine.apply('revision', [resource('plugin_config', 't1', { plugins: marks('first=2') })]);
    expect(await marksOf(engine)).toEqual(['first=2']);
    engine.apply('revision', [resource('upstream', 'u1', { nodes: {} })]);
    expect((await send(engine.port, '/')).status).toBe(503);
  });

  it('as a snapshot replaces the sequence and leaves the other one', async () => {
    const engine = await start([route('r1', {}), route('r2', {})]);
    const settings = { tenantId: 't', hosts: ['api.test'] };
    engine.apply('access', [resource('consumer_group', 'p', { plugins: {} })]);
    const kept = [
      resource('group_settings', 'settings', settings),
      resource('upstream', 'u1', { nodes: {} }),
      route('r2', {}),
    ];
    expect(engine.engine.apply('g1', 'revision', { isSnapshot: true, put: kept })).toMatchObject({ ok: true });
    expect((await send(engine.port, '/r1')).status).toBe(404);
    const texts = kept.map(({ kind, id, value }) => ({ kind, id, text: JSON.stringify(value) }));
    expect([...engine.engine.resources('g1', 'revision')]).toEqual(texts);
    expect([...engine.engine.resources('g1', 'access')]).toHaveLength(1);
  });

  it('is checked against the hash that its sender has', async () => {
    const engine = await start([]);
    const [first, second] = [route('r1', {}), route('r2', {})];
    const revision = engine.engine.status().groups[0]?.sequences.revision.hash ?? '';
    const expected = GroupHash.from(revision).add('route', 'r1', contentHash(first.value)).value;
    const wrong = engine.engine.apply('g1', 'revision', { put: [second], expectedHash: expected });
    expect(wrong).toMatchObject({ ok: false, reason: 'hash-mismatch' });
    expect((await send(engine.port, '/r2')).status).toBe(404);
    const right = engine.engine.apply('g1', 'revision', { put: [first], expectedHash: expected });
    expect(right).toMatchObject({ ok: true, hash: expected });
  });

  it('with a policy that is forbidden on shared data planes is refused there only', async () => {
    const own = await start([route('r1', { plugins: marks('forbidden-mark=x') })]);
    expect(await marksOf(own, '/r1')).toEqual(['forbidden-mark=x']);
    await expect(start([route('r1', { plugins: marks('forbidden-mark=x') })], { isShared: true })).rejects.toThrow(
      'no policy',
    );
  });

  it('to status 0 takes a route out of traffic but not out of the configuration', async () => {
    const engine = await start([route('r1', { status: 0 })]);
    expect((await send(engine.port, '/r1')).status).toBe(404);
    engine.apply('revision', [route('r1', { status: 1 })]);
    expect((await send(engine.port, '/r1')).status).toBe(200);
  });
});
