import type { GatewayResource } from '@tollgate/contracts/gateway';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { definePolicy } from '../policy/define-policy.ts';
import { resource } from '../testing/index.ts';
import { newCompiler } from '../testing/new-compiler.ts';
import type { CompiledRoute } from './compiled-route.ts';
import type { GroupCompiler } from './group-compiler.ts';

const policy = (name: string, isStateless: boolean) =>
  definePolicy({
    name,
    title: name,
    description: 'For tests.',
    priority: isStateless ? 2 : 1,
    direction: 'inbound',
    shared: 'allowed',
    isStateless,
    schema: z.looseObject({}),
    errors: [],
    compile: () => ({ onRequest: () => undefined, requestBodyBytes: 1, onRequestBody: () => undefined }),
  });
const policies = [policy('plain', true), policy('counting', false)];

/** What the routes below refer to. */
const upstream = (port: number) => resource('upstream', 'u1', { nodes: { [`a.test:${port}`]: 1 } });
const template = (plugins: object) => resource('plugin_config', 't1', { plugins });
const service = (more: object) => resource('service', 's1', { upstream_id: 'u1', ...more });

const routes = [
  resource('route', 'direct', { uri: '/direct', upstream_id: 'u1' }),
  resource('route', 'templated', { uri: '/templated', upstream_id: 'u1', plugin_config_id: 't1' }),
  resource('route', 'served', { uri: '/served', service_id: 's1' }),
  resource('route', 'with-own', { uri: '/with-own', service_id: 's1', plugins: { plain: {} } }),
  resource('route', 'counting', { uri: '/counting', service_id: 's1', plugins: { counting: {} } }),
];

function start(): GroupCompiler {
  const compiler = newCompiler(policies);
  const settings = resource('group_settings', 'settings', { tenantId: 't', hosts: ['*'] });
  const put = [settings, upstream(1), template({ plain: {} }), service({ plugin_config_id: 't1' }), ...routes];
  expect(compiler.apply('revision', { isSnapshot: true, put })).toMatchObject({ ok: true });
  return compiler;
}

function find({ program }: GroupCompiler, id: string): CompiledRoute {
  const facts = { host: 'a', path: `/${id}`, method: 'GET', clientAddress: '', variable: () => undefined };
  const route = program?.router.match(facts)?.route;
  if (route === undefined) throw new Error(`${id} is not served`);
  return route;
}

/** What routes are before and after a change. */
function change(...put: GatewayResource[]) {
  const compiler = start();
  const look = (id: string) => {
    const route = find(compiler, id);
    return { route, port: route.upstream?.nodes[0]?.port, pipeline: route.pipeline };
  };
  const before = new Map(routes.map(({ id }) => [id, look(id)]));
  const { ok } = compiler.apply('revision', { put });
  return { ok, before: (id: string) => before.get(id), after: look };
}

const ids = routes.map(({ id }) => id);

describe('a change of what routes refer to', () => {
  it('reaches all of them and compiles none, when it is an upstream', () => {
    const { before, after } = change(upstream(2));
    for (const id of ids) {
      expect(after(id).route).toBe(before(id)?.route);
      expect([before(id)?.port, after(id).port]).toEqual([1, 2]);
      expect(after(id).pipeline).toBe(before(id)?.pipeline);
    }
  });

  it('reaches those that get their upstream from a service, when that names another', () => {
    const other = resource('upstream', 'u2', { nodes: { 'a.test:2': 1 } });
    const { before, after } = change(other, service({ upstream_id: 'u2', plugin_config_id: 't1' }));
    expect(ids.map((id) => after(id).port)).toEqual([1, 1, 2, 2, 2]);
    for (const id of ids) expect(after(id).route).toBe(before(id)?.route);
  });

  it.each([
    ['a template', template({ plain: { of: 'template' } }), ['templated', 'served', 'with-own', 'counting']],
    ['a service', service({ plugins: { plain: { of: 'service' } } }), ['served', 'with-own', 'counting']],
  ])('gives new policies to those that have some of it, when it is %s', (_name, changed, reached) => {
    const { before, after } = change(changed);
    for (const id of ids) expect(after(id).pipeline !== before(id)?.pipeline).toBe(reached.includes(id));
    // Only a pipeline that belongs to one route is made with the route.
    for (const id of ids) expect(after(id).route === before(id)?.route).toBe(id !== 'counting');
  });

  it('leaves upstreams and policies as they were when it is refused', () => {
    const refused = resource('route', 'bad', { uri: '/bad', upstream_id: 'gone' });
    const { ok, before, after } = change(upstream(2), template({}), service({ plugins: { plain: {} } }), refused);
    expect(ok).toBe(false);
    for (const id of ids) expect(after(id)).toEqual(before(id));
    for (const id of ids) expect(after(id).pipeline).toBe(before(id)?.pipeline);
  });

  it('leaves nothing behind for the next one when it is refused', () => {
    const compiler = start();
    const before = ids.map((id) => find(compiler, id).pipeline);
    const unused = (port: number) => resource('upstream', 'unused', { nodes: { [`a.test:${port}`]: 1 } });
    const user = resource('route', 'user', { uri: '/user', upstream_id: 'unused' });
    compiler.apply('revision', { put: [unused(3)] });
    const refused = resource('route', 'bad', { uri: '/bad', upstream_id: 'gone' });
    const put = [unused(4), user, template({ plain: { of: 'template' } }), upstream(2), refused];
    expect(compiler.apply('revision', { put }).ok).toBe(false);
    expect(compiler.apply('revision', { put: [user] }).ok).toBe(true);
    expect(find(compiler, 'user').upstream?.nodes[0]?.port).toBe(3);
    expect(find(compiler, 'direct').upstream?.nodes[0]?.port).toBe(1);
    for (const [index, id] of ids.entries()) expect(find(compiler, id).pipeline).toBe(before[index]);
  });

  it('makes routes anew when a service serves other hosts', () => {
    const { after } = change(service({ hosts: ['elsewhere.test'] }));
    expect(after('direct').port).toBe(1);
    expect(() => after('served')).toThrow('not served');
  });

  it('leaves a route with what it says itself, when a service says otherwise', () => {
    const compiler = start();
    const own = (id: string, more: object) => resource('route', id, { uri: `/${id}`, service_id: 's1', ...more });
    const put = [own('hosted', { host: 'a' }), own('plain-http', { enable_websocket: false }), own('none', {})];
    compiler.apply('revision', { put });
    compiler.apply('revision', { put: [service({ enable_websocket: true })] });
    const upgrades = () => ['hosted', 'plain-http', 'none'].map((id) => find(compiler, id).allowsUpgrade);
    expect(upgrades()).toEqual([true, false, true]);
    compiler.apply('revision', { put: [service({ hosts: ['elsewhere.test'] })] });
    expect(find(compiler, 'hosted')).toMatchObject({ hosts: ['a'], allowsUpgrade: false });
    expect(() => find(compiler, 'none')).toThrow('not served');
  });
});

describe('routes that write the same policies', () => {
  it('share them and their pipeline, but for those that count', () => {
    const compiler = start();
    const put = ['plain', 'counting'].flatMap((name) =>
      ['a', 'b'].map((id) => resource('route', `${name}-${id}`, { uri: `/${name}-${id}`, plugins: { [name]: {} } })),
    );
    compiler.apply('revision', { put });
    expect(find(compiler, 'plain-a').pipeline).toBe(find(compiler, 'plain-b').pipeline);
    expect(find(compiler, 'counting-a').pipeline).not.toBe(find(compiler, 'counting-b').pipeline);
  });
});

describe('a compiler that only checks', () => {
  const checking = () => {
    const compiler = newCompiler(policies, { serves: false });
    const settings = resource('group_settings', 'settings', { tenantId: 't', hosts: ['*'] });
    compiler.apply('revision', { put: [settings, upstream(1), template({}), service({}), ...routes] });
    return compiler;
  };

  it('keeps no route ready for calls', () => {
    expect(() => find(checking(), 'direct')).toThrow('not served');
  });

  it.each([
    ['a route that cannot be served', { put: [resource('route', 'bad', { uri: '/', vars: [['no']] })] }],
    ['a policy that does not exist', { put: [resource('route', 'bad', { uri: '/', plugins: { no: {} } })] }],
    ['to take away what a route needs', { delete: [{ kind: 'upstream', id: 'u1' } as const] }],
  ])('refuses %s', (_name, delta) => {
    expect(checking().apply('revision', delta)).toMatchObject({ ok: false });
  });

  it('tells the same hash as one that serves', () => {
    const [a, b] = [checking(), newCompiler(policies)];
    b.apply('revision', { put: [...a.resources('revision')] });
    expect(a.hash('revision')).toBe(b.hash('revision'));
  });
});
