import { describe, expect, it } from 'vitest';
import { requestSchemas } from './request-schemas.ts';

const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });
const body = (schema: object): object => ({ requestBody: { content: { 'application/json': { schema } } } });
const document = {
  paths: {
    '/a': { post: { operationId: 'createA', ...body({ properties: { b: ref('B') } }) }, get: { operationId: 'getA' } },
  },
  components: { schemas: { B: { properties: { c: ref('C') } }, C: { type: 'string' }, D: { type: 'number' } } },
};

describe('schemas of request bodies', () => {
  it('hold every operation with a body and what it refers to, directly or not, and nothing else', () => {
    expect(requestSchemas(document)).toEqual({
      operations: { createA: { properties: { b: { $ref: '#/$defs/B' } } } },
      $defs: { B: { properties: { c: { $ref: '#/$defs/C' } } }, C: { type: 'string' } },
    });
  });
});
