import { describe, expect, it } from 'vitest';
import { parsePathPattern } from '../matching/path-pattern.ts';
import { findNearMisses } from './near-misses.ts';

const route = (id: string, uri: string, more: object = {}) => ({
  id,
  name: null,
  hosts: [],
  paths: [parsePathPattern(uri)],
  methods: null,
  priority: 0,
  addresses: null,
  predicate: null,
  ...more,
});
const facts = {
  host: 'api.test',
  path: '/orders/7',
  method: 'GET',
  clientAddress: '192.0.2.1',
  variable: () => undefined,
};

describe('near misses', () => {
  it('are the five nearest: those with the right path first, then those whose path is most alike', () => {
    const routes = [
      ...['/x', '/o', '/or', '/orders', '/orders/', '/orde'].map((uri) => route(uri, uri)),
      route('other-host', '/orders/*', { hosts: ['*.api.test'] }),
    ];
    const { nearMisses } = findNearMisses(routes, facts);
    expect(nearMisses.map(({ routeId }) => routeId)).toEqual(['other-host', '/orders/', '/orders', '/orde', '/or']);
    expect(nearMisses[0]).toMatchObject({ mismatch: 'host', expected: ['*.api.test'] });
  });

  it('hold neither routes that match, nor those that miss two conditions', () => {
    const routes = [route('right', '/orders/:id'), route('two', '/x', { methods: new Set(['POST']) })];
    expect(findNearMisses(routes, facts).nearMisses).toEqual([]);
  });

  it('tell when not all routes were looked at', () => {
    const routes = Array.from({ length: 20_001 }, (_none, index) => route(`r${index}`, '/x'));
    expect(findNearMisses(routes, facts).allRoutesSeen).toBe(false);
    expect(findNearMisses(routes.slice(1), facts).allRoutesSeen).toBe(true);
  });
});
