import { newId } from '@tollgate/contracts';
import { describe, expect, it } from 'vitest';
import { findObstacles, type PublishCandidate } from './publishable.ts';

const groupId = newId('grp');
const candidate = (change: Partial<PublishCandidate> = {}): PublishCandidate => ({
  bindings: [{ groupId, routeIds: ['orders', 'open'] }],
  offeredPlans: 1,
  keyless: false,
  routes: new Map([
    [
      groupId,
      [
        { id: 'orders', authenticated: true },
        { id: 'open', authenticated: true },
      ],
    ],
  ]),
  ...change,
});
const openRoutes = new Map([
  [
    groupId,
    [
      { id: 'orders', authenticated: true },
      { id: 'open', authenticated: false },
    ],
  ],
]);
const pointers = (change: Partial<PublishCandidate>) => findObstacles(candidate(change)).map(({ pointer }) => pointer);

describe('publishing a product', () => {
  it('is open when every route is in force and asks for a key', () => {
    expect(findObstacles(candidate())).toEqual([]);
  });

  it('is refused without a plan or without routes', () => {
    expect(pointers({ offeredPlans: 0 })).toEqual(['/plans']);
    expect(pointers({ bindings: [] })).toEqual(['/bindings']);
  });

  it('names each route that is not in force', () => {
    expect(pointers({ bindings: [{ groupId, routeIds: ['orders', 'gone', 'missing'] }] })).toEqual([
      '/bindings/0/routeIds/1',
      '/bindings/0/routeIds/2',
    ]);
  });

  it('names a gateway group that is not there, and nothing below it', () => {
    expect(pointers({ routes: new Map([[groupId, null]]) })).toEqual(['/bindings/0/groupId']);
    expect(pointers({ routes: new Map() })).toEqual(['/bindings/0/groupId']);
  });

  it('refuses a route that asks for no key unless a plan is keyless', () => {
    expect(pointers({ routes: openRoutes })).toEqual(['/bindings/0/routeIds/1']);
    expect(pointers({ routes: openRoutes, keyless: true })).toEqual([]);
  });
});
