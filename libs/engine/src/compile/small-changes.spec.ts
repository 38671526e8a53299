import type { GatewayResource } from '@tollgate/contracts/gateway';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { resource } from '../testing/index.ts';
import { newCompiler } from '../testing/new-compiler.ts';
import type { CompiledRoute } from './compiled-route.ts';
import type { GroupCompiler, GroupDelta } from './group-compiler.ts';
import { StagedMap } from './staged-map.ts';

afterEach(() => vi.restoreAllMocks());

const count = 500;
const route = (number: number, more: Record<string, unknown> = {}): GatewayResource =>
  resource('route', `r${number}`, {
    uri: `/r${number}/*`,
    host: `host-${number % 50}.test`,
    ...(number % 2 === 0 ? { upstream_id: 'u1' } : { service_id: 's1' }),
    ...more,
  });

/** A compiler with many routes, and how often the values of these have been read since they were compiled. */
function manyRoutes(): { compiler: GroupCompiler; reads: () => number; apply: (delta: GroupDelta) => void } {
  let reads = 0;
  const watched = ({ value, ...rest }: GatewayResource): GatewayResource => ({
    ...rest,
    value: new Proxy(value, {
      get: (target, key) => {
        reads += 1;
        return target[String(key)];
      },
    }),
  });
  const compiler = newCompiler();
  const apply = (delta: GroupDelta) => expect(compiler.apply('revision', delta)).toMatchObject({ ok: true });
  apply({
    isSnapshot: true,
    put: [
      resource('group_settings', 'settings', { tenantId: 't', hosts: ['*'] }),
      resource('upstream', 'u1', { nodes: { 'a.test:80': 1 } }),
      resource('service', 's1', { upstream_id: 'u1' }),
      ...Array.from({ length: count }, (_, number) => watched(route(number))),
    ],
  });
  reads = 0;
  return { compiler, apply, reads: () => reads };
}

function routesIn({ program }: GroupCompiler, numbers = Array.from({ length: count }, (_, number) => number)) {
  return numbers.map((number): CompiledRoute | undefined => {
    const facts = { host: `host-${number % 50}.test`, path: `/r${number}/x`, method: 'GET', clientAddress: '' };
    return program?.router.match({ ...facts, variable: () => undefined })?.route;
  });
}

describe('one route among many', () => {
  it.each<[string, GroupDelta]>([
    ['that comes', { put: [route(count)] }],
    ['that changes', { put: [route(7, { desc: 'changed' })] }],
    ['that goes', { delete: [{ kind: 'route', id: 'r7' }] }],
  ])('%s walks no table and touches no other route', (_name, delta) => {
    const { compiler, apply, reads } = manyRoutes();
    const before = routesIn(compiler);
    const walks = vi.spyOn(StagedMap.prototype, 'entries');
    apply(delta);
    expect(walks).not.toHaveBeenCalled();
    expect(reads()).toBe(0);
    const after = routesIn(compiler);
    const others = (routes: typeof before) => routes.filter((_, number) => number !== 7);
    for (const [index, compiled] of others(after).entries()) expect(compiled).toBe(others(before)[index]);
  });

  it('that is refused walks no table either', () => {
    const { compiler } = manyRoutes();
    const walks = vi.spyOn(StagedMap.prototype, 'entries');
    expect(compiler.apply('revision', { put: [route(7, { service_id: 'gone' })] }).ok).toBe(false);
    expect(walks).not.toHaveBeenCalled();
  });

  it('leaves the programs before it as they were', () => {
    const { compiler, apply } = manyRoutes();
    const { program } = compiler;
    const before = routesIn(compiler);
    apply({ delete: [{ kind: 'route', id: 'r7' }], put: [route(9, { uri: '/elsewhere' })] });
    expect(routesIn(compiler, [7, 9])).toEqual([undefined, undefined]);
    const facts = { host: 'host-7.test', path: '/r7/x', method: 'GET', clientAddress: '', variable: () => undefined };
    expect(program?.router.match(facts)?.route).toBe(before[7]);
  });

  it('is not compiled again when it comes as it is', () => {
    const { compiler, apply } = manyRoutes();
    const before = routesIn(compiler);
    const hash = compiler.hash('revision');
    apply({ put: [route(7), route(8)] });
    expect(routesIn(compiler, [7, 8])).toEqual([before[7], before[8]]);
    expect(routesIn(compiler, [7])[0]).toBe(before[7]);
    expect(compiler.hash('revision')).toBe(hash);
  });
});

describe('many routes', () => {
  it('of the same service share its pipeline, and those of the same methods a set', () => {
    const { compiler, apply } = manyRoutes();
    apply({ put: [route(1, { methods: ['GET', 'POST'] }), route(3, { methods: ['POST', 'GET'] })] });
    const [one, other] = routesIn(compiler, [1, 3]);
    expect(one?.pipeline).toBe(other?.pipeline);
    expect(one?.methods).toBe(other?.methods);
  });

  it('follow what they refer to, and only those that refer to it', () => {
    const { compiler, apply } = manyRoutes();
    const before = routesIn(compiler);
    apply({ put: [resource('service', 's1', { upstream_id: 'u1', enable_websocket: true })] });
    const after = routesIn(compiler);
    for (const [number, compiled] of after.entries()) {
      expect(compiled?.allowsUpgrade).toBe(number % 2 === 1);
      if (number % 2 === 0) expect(compiled).toBe(before[number]);
    }
  });
});
