import { describe, expect, it } from 'vitest';
import { Dice } from '../testing/dice.ts';
import { matchByTrying, type WrittenRoute } from '../testing/reference-matcher.ts';
import { compileExpression } from './expression.ts';
import { parsePathPattern } from './path-pattern.ts';
import { Router } from './router.ts';
import type { RoutingFacts, RoutingRule } from './routing-rule.ts';

const hostNames = ['a.test', 'b.test', 'x.a.test', 'y.x.a.test', 'z.b.test', 'test', 'other.example'];
const hostPatterns = [...hostNames, '*.test', '*.a.test', '*.x.a.test', '*.example'];
const words = ['a', 'ab', 'abc', 'abd', 'b', 'users', 'user', 'orders', 'v1', 'v2', '%C3%A9'];
const endings = ['', '', '/', '/*', '/:id', '/*rest'];
/** What can stand behind a word without a slash between: a prefix, and a colon that begins no parameter. */
const tails = ['*', ':odd'];
const methods = ['GET', 'POST', 'DELETE'];

describe('the router', () => {
  it.each([1, 2, 3])('finds what trying every route finds, however routes come and go (seed %i)', (seed) => {
    const dice = new Dice(seed);
    const live = new Map<string, WrittenRoute>();
    const past: { router: Router<RoutingRule>; routes: WrittenRoute[] }[] = [];
    let router = Router.empty<RoutingRule>();
    for (let step = 0; step < 60; step++) {
      const remove: RoutingRule[] = [];
      const insert: RoutingRule[] = [];
      for (const id of new Set(Array.from({ length: dice.below(40) }, () => `r${dice.below(400)}`))) {
        const before = live.get(id);
        if (before !== undefined) remove.push(before.rule);
        live.delete(id);
        if (before !== undefined && dice.below(2) === 0) continue;
        const route = writeRoute(id, dice);
        live.set(id, route);
        insert.push(route.rule);
      }
      router = router.with({ remove, insert });
      for (let call = 0; call < 40; call++) expectSameMatch(router, [...live.values()], makeFacts(dice));
      if (step % 15 === 0) past.push({ router, routes: [...live.values()] });
    }
    for (const old of past) {
      for (let call = 0; call < 40; call++) expectSameMatch(old.router, old.routes, makeFacts(dice));
    }
    const emptied = router.with({ remove: [...live.values()].map(({ rule }) => rule), insert: [] });
    for (let call = 0; call < 40; call++) expect(emptied.match(makeFacts(dice))).toBeUndefined();
  });
});

function expectSameMatch(router: Router<RoutingRule>, routes: readonly WrittenRoute[], facts: RoutingFacts): void {
  const match = router.match(facts);
  const found = match === undefined ? undefined : { id: match.route.id, parameters: { ...match.parameters } };
  const tried = matchByTrying(routes, facts);
  const wanted = tried === undefined ? undefined : { id: tried.id, parameters: tried.parameters };
  expect(found, `${facts.method} ${facts.host}${facts.path}`).toEqual(wanted);
}

function writeRoute(id: string, dice: Dice): WrittenRoute {
  const uris = [...new Set(Array.from({ length: 1 + dice.below(2) }, () => writeUri(dice)))];
  const rule = {
    id,
    hosts: dice.below(2) === 0 ? [] : [...new Set([dice.pick(hostPatterns), dice.pick(hostPatterns)])],
    paths: uris.map(parsePathPattern),
    methods: dice.below(3) === 0 ? new Set([dice.pick(methods)]) : null,
    priority: dice.below(3),
    addresses: null,
    predicate: dice.below(5) === 0 ? compileExpression([['arg_beta', '==', '1']]) : null,
  };
  return { rule, uris };
}

function writeUri(dice: Dice): string {
  const segments = Array.from({ length: dice.below(4) }, (_, index) =>
    dice.below(6) === 0 ? `:p${index}` : dice.pick(words),
  );
  const choices = segments.at(-1)?.startsWith(':') === true ? endings : [...endings, ...tails];
  const uri = segments.map((segment) => `/${segment}`).join('') + dice.pick(choices);
  return uri.startsWith('/') ? uri : `/${uri}`;
}

function makeFacts(dice: Dice): RoutingFacts {
  const path = Array.from({ length: dice.below(5) }, () => `/${dice.pick([...words, 'c', ''])}`).join('') || '/';
  const beta = dice.below(2) === 0 ? '1' : undefined;
  return {
    host: dice.pick(hostNames),
    path,
    method: dice.pick(methods),
    clientAddress: '',
    variable: (name) => (name === 'arg_beta' ? beta : undefined),
  };
}
