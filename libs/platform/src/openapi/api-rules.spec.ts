import { type Endpoint, pageOf, pageQuery } from '@tollgate/contracts/rest';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkApiRules } from './api-rules.ts';
import { buildOpenApi } from './build-openapi.ts';

const base: Endpoint = {
  service: 'iam',
  operationId: 'listThings',
  method: 'GET',
  path: '/api/v1/projects',
  kind: 'list',
  tag: 'things',
  summary: 'List things.',
  access: { kind: 'permission', permission: 'projects.read' },
  query: pageQuery,
  response: pageOf(z.string()),
  status: 200,
  errors: [],
  rateLimit: 'default',
  bodyLimitBytes: 1000,
};
const create: Endpoint = {
  ...base,
  operationId: 'createThing',
  method: 'POST',
  kind: 'create',
  query: undefined,
  body: z.strictObject({ name: z.string() }),
  audit: 'thing.create',
  status: 201,
};

const rulesBrokenBy = (endpoint: Endpoint): string[] =>
  checkApiRules(buildOpenApi([endpoint])).map((finding) => finding.rule);

describe('the rules of the public API', () => {
  it('are kept by well-declared endpoints', () => {
    expect(rulesBrokenBy(base)).toEqual([]);
    expect(rulesBrokenBy(create)).toEqual([]);
  });

  it.each<[string, Endpoint, string]>([
    ['an unowned path', { ...base, path: '/api/v1/nowhere' }, 'the first path segment has no owner'],
    ['a path of another service', { ...base, path: '/api/v1/reports' }, 'another service owns the path'],
    ['a list that is not paged', { ...base, query: z.strictObject({}) }, 'a list without limit and cursor'],
    [
      'a list with a larger page',
      { ...base, query: pageQuery.extend({ limit: z.coerce.number().max(1000) }) },
      'a list whose limit is not at most 200',
    ],
    ['a change without audit', { ...create, audit: undefined }, 'a change without an audit entry'],
    [
      'a public change without the tight limit',
      { ...create, access: { kind: 'public' } },
      'a public change without the tight rate limit',
    ],
    ['an internal endpoint in public', { ...base, access: { kind: 'service' } }, 'internal access on a public path'],
    ['a get by POST', { ...create, kind: 'get' }, 'a get or list that is no GET'],
  ])('catch %s', (_what, endpoint, rule) => {
    expect(rulesBrokenBy(endpoint)).toContain(rule);
  });

  it('leave internal endpoints out of the document', () => {
    expect(buildOpenApi([{ ...base, path: '/internal/v1/things' }]).paths).toEqual({});
  });
});
