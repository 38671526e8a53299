import { describe, expect, it } from 'vitest';
import { Dice } from '../testing/dice.ts';
import { AddressSet } from './address-set.ts';
import { compileExpression } from './expression.ts';
import { normalisePath } from './normalise-path.ts';
import { parsePathPattern } from './path-pattern.ts';
import { Router, type RoutingFacts, type RoutingRule } from './router.ts';

function rule(id: string, uris: string | string[], more: Partial<RoutingRule> = {}): RoutingRule {
  const paths = [uris].flat().map(parsePathPattern);
  return { id, hosts: [], paths, methods: null, priority: 0, addresses: null, predicate: null, ...more };
}

function routerOf(...rules: RoutingRule[]): Router<RoutingRule> {
  return Router.empty<RoutingRule>().with({ remove: [], insert: rules });
}

function matchIn(router: Router<RoutingRule>, path: string, more: Partial<RoutingFacts> = {}): string | undefined {
  const facts = { host: 'a.test', path, method: 'GET', clientAddress: '1.2.3.4', variable: () => undefined, ...more };
  return router.match(facts)?.route.id;
}

describe('paths', () => {
  const router = routerOf(
    rule('exact', '/a/b'),
    rule('deep', '/a/b/*'),
    rule('shallow', '/a/*'),
    rule('prefix', '/pre*'),
    rule('parameter', '/users/:id'),
    rule('nested', '/users/:id/orders/:order'),
    rule('rest', '/files/:kind/*path'),
    rule('root', '/*'),
  );
  it.each([
    ['/a/b', 'exact'],
    ['/a/b/c', 'deep'],
    ['/a/b/', 'deep'],
    ['/a/c', 'shallow'],
    ['/a', 'root'],
    ['/prefix/x', 'prefix'],
    ['/users/7', 'parameter'],
    ['/users/7/orders/8', 'nested'],
    ['/users/7/x', 'root'],
    ['/users/', 'root'],
    ['/files/pdf/a/b.pdf', 'rest'],
    ['/', 'root'],
  ])('%s goes to %s', (path, id) => {
    expect(matchIn(router, path)).toBe(id);
  });

  it('give their parameters', () => {
    const facts = {
      host: 'a',
      path: '/files/pdf/a/b.pdf',
      method: 'GET',
      clientAddress: '',
      variable: () => undefined,
    };
    expect({ ...router.match(facts)?.parameters }).toEqual({ kind: 'pdf', path: 'a/b.pdf' });
  });

  it('match nothing where no route stands', () => {
    expect(matchIn(routerOf(rule('r', '/a')), '/b')).toBeUndefined();
    expect(matchIn(routerOf(rule('r', '/a')), '/a/b')).toBeUndefined();
  });

  it('give no parameters but their own', () => {
    const facts = { host: 'a', path: '/a', method: 'GET', clientAddress: '', variable: () => undefined };
    expect(routerOf(rule('r', '/a')).match(facts)?.parameters['constructor']).toBeUndefined();
  });

  it('of one route at the same place are tried as they are written', () => {
    const facts = { host: 'a', path: '/u/7', method: 'GET', clientAddress: '', variable: () => undefined };
    expect({ ...routerOf(rule('r', ['/u/:first', '/u/:second'])).match(facts)?.parameters }).toEqual({ first: '7' });
  });

  it('may be written with characters that are escaped in requests', () => {
    expect(matchIn(routerOf(rule('r', '/café')), '/caf%C3%A9')).toBe('r');
  });
});

describe('hosts', () => {
  const router = routerOf(
    rule('exact', '/x', { hosts: ['a.test'] }),
    rule('near', '/*', { hosts: ['*.b.test'] }),
    rule('far', '/*', { hosts: ['*.test'] }),
    rule('any', '/*'),
  );
  it.each([
    ['a.test', '/x', 'exact'],
    ['a.test', '/y', 'far'],
    ['x.b.test', '/x', 'near'],
    ['b.test', '/x', 'far'],
    ['elsewhere', '/x', 'any'],
  ])('%s%s goes to %s', (host, path, id) => {
    expect(matchIn(router, path, { host })).toBe(id);
  });
});

describe('conditions', () => {
  it('let a route of lower priority take what a higher one does not fit', () => {
    const router = routerOf(
      rule('post', '/x', { priority: 3, methods: new Set(['POST']) }),
      rule('inside', '/x', { priority: 2, addresses: new AddressSet(['10.0.0.0/8']) }),
      rule('beta', '/x', { priority: 1, predicate: compileExpression([['http_x_beta', '==', '1']]) }),
      rule('all', '/x'),
    );
    expect(matchIn(router, '/x', { method: 'POST' })).toBe('post');
    expect(matchIn(router, '/x', { clientAddress: '10.1.1.1' })).toBe('inside');
    expect(matchIn(router, '/x', { variable: (name) => (name === 'http_x_beta' ? '1' : undefined) })).toBe('beta');
    expect(matchIn(router, '/x')).toBe('all');
  });

  it('prefer the longer path to the higher priority', () => {
    const router = routerOf(rule('short', '/a/*', { priority: 100 }), rule('long', '/a/b/*'));
    expect(matchIn(router, '/a/b/c')).toBe('long');
  });

  it('choose the same of two equal routes, whatever came first', () => {
    const [first, second] = [rule('a', '/x'), rule('b', '/x')];
    expect(matchIn(routerOf(first, second), '/x')).toBe('a');
    expect(matchIn(routerOf(second, first), '/x')).toBe('a');
  });
});

describe('changes', () => {
  it('make a new router and leave the old one as it was', () => {
    const [old, fresh] = [rule('r', ['/a', '/b/*'], { hosts: ['a.test', '*.test'] }), rule('r', '/c')];
    const before = routerOf(old);
    const after = before.with({ remove: [old], insert: [fresh] });
    expect([matchIn(before, '/a'), matchIn(before, '/b/x'), matchIn(before, '/c')]).toEqual(['r', 'r', undefined]);
    expect([matchIn(after, '/a'), matchIn(after, '/b/x'), matchIn(after, '/c')]).toEqual([undefined, undefined, 'r']);
  });

  it('in any order lead to the same matches as building at once', () => {
    const dice = new Dice(42);
    const segments = ['a', 'ab', 'abc', 'b', ':id', '*'];
    const uri = () => `/${Array.from({ length: 1 + dice.below(3) }, () => dice.pick(segments)).join('/')}`;
    const paths = ['/a', '/ab', '/abc', '/a/b', '/ab/a', '/a/ab/abc', '/b/b/b', '/c', '/abc/abc', '/a/x/b'];
    let router = routerOf();
    const live = new Map<string, RoutingRule>();
    for (let step = 0; step < 500; step++) {
      const id = `r${dice.below(40)}`;
      const previous = live.get(id);
      const next = dice.below(10) < 3 ? undefined : rule(id, uri(), { priority: dice.below(3) });
      router = router.with({
        remove: previous === undefined ? [] : [previous],
        insert: next === undefined ? [] : [next],
      });
      if (next === undefined) live.delete(id);
      else live.set(id, next);
      const rebuilt = routerOf(...live.values());
      for (const path of paths) expect(matchIn(router, path), `${step} ${path}`).toBe(matchIn(rebuilt, path));
    }
  });

  it('cost what they touch, however many routes there are', () => {
    const many = Array.from({ length: 20_000 }, (_, index) =>
      rule(`r${index}`, `/service-${index % 100}/resource-${index}/:id`),
    );
    const router = routerOf(...many);
    expect(matchIn(router, '/service-99/resource-19999/7')).toBe('r19999');
    const changed = router.with({
      remove: [many[5]].flatMap((route) => route ?? []),
      insert: [rule('new', '/service-5/resource-5/new')],
    });
    expect(matchIn(changed, '/service-5/resource-5/7')).toBeUndefined();
    expect(matchIn(changed, '/service-5/resource-5/new')).toBe('new');
    expect(matchIn(router, '/service-5/resource-5/7')).toBe('r5');
  });
});

describe('normalising a path', () => {
  it.each([
    ['/a/b', '/a/b'],
    ['/%61%2Db', '/a-b'],
    ['/a%2fb', '/a%2Fb'],
    ['/a/./b/../c', '/a/c'],
    ['/a/%2e%2E/b', '/b'],
    ['/../../a', '/a'],
    ['/a/..', '/'],
    ['/a/.', '/a/'],
    ['/.well-known/x', '/.well-known/x'],
    ['/a/..b', '/a/..b'],
    ['/%', null],
    ['/%zz', null],
    ['/%00', null],
    ['/%0d%0a', null],
  ])('turns %s into %s', (path, expected) => {
    expect(normalisePath(path)).toBe(expected);
  });
});
