import { describe, expect, it } from 'vitest';
import type { Operation } from './read-specification.ts';
import { routeIds, serviceIdOf } from './route-ids.ts';

const operation = (change: Partial<Operation>): Operation => ({
  method: 'GET',
  path: '/pets/{id}',
  operationId: null,
  summary: null,
  ...change,
});

describe('ids of imported routes', () => {
  it('come from the operationId, else from method and path', () => {
    const operations = [operation({ operationId: 'pets/get-by-id' }), operation({ method: 'PUT' })];
    expect(routeIds('shop', operations)).toEqual(['shop.pets-get-by-id', 'shop.put-pets-id']);
  });

  it('stay the same when other operations come and go', () => {
    const one = operation({ operationId: 'a/b' });
    const [alone] = routeIds('shop', [one]);
    const [, after] = routeIds('shop', [operation({ operationId: 'first' }), one]);
    expect(after).toBe(alone);
  });

  it('are valid and unique when operationIds are long, repeated or equal but for their punctuation', () => {
    const operations = [
      operation({ operationId: 'x'.repeat(200) }),
      operation({ operationId: `${'x'.repeat(199)}y` }),
      operation({ operationId: 'a b' }),
      operation({ operationId: 'a/b' }),
      operation({ operationId: 'same', path: '/1' }),
      operation({ operationId: 'same', path: '/2' }),
    ];
    const ids = routeIds('s'.repeat(40), operations);
    expect(new Set(ids).size).toBe(operations.length);
    for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9\-_.]{1,64}$/);
  });

  it('of services come from the title', () => {
    expect(serviceIdOf('GitHub v3 REST API')).toBe('github-v3-rest-api');
    expect(serviceIdOf('天気')).toBe('api');
  });
});
