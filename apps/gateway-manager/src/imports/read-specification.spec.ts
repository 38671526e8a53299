import { ApiError } from '@tollgate/platform';
import { describe, expect, it } from 'vitest';
import { readSpecification } from './read-specification.ts';

const info = { title: 'Pets', version: '1' };
const paths = { '/pets': { get: { operationId: 'listPets', summary: 'All pets' }, parameters: [] } };

function faultsOf(document: unknown): string[] {
  try {
    readSpecification(document);
  } catch (error) {
    if (error instanceof ApiError) return (error.errors ?? []).map(({ pointer }) => pointer);
    throw error;
  }
  throw new Error('it was accepted');
}

describe('a document', () => {
  it('of OpenAPI 3.0 and 3.1 gives operations and the first server, variables replaced', () => {
    const servers = [{ url: 'https://{region}.example.com/v2/', variables: { region: { default: 'eu' } } }];
    expect(readSpecification({ openapi: '3.0.3', info, paths, servers })).toEqual({
      specification: 'openapi-3.0',
      title: 'Pets',
      serverUrl: 'https://eu.example.com',
      basePath: '/v2',
      operations: [{ method: 'GET', path: '/pets', operationId: 'listPets', summary: 'All pets' }],
      warnings: [],
    });
    expect(readSpecification({ openapi: '3.1.0', info, paths })).toMatchObject({
      specification: 'openapi-3.1',
      serverUrl: null,
      basePath: '',
    });
  });

  it('of Swagger 2.0 gives host, base path and the safer scheme', () => {
    const document = {
      swagger: '2.0',
      info,
      paths,
      host: 'api.example.com:8443',
      basePath: '/v1',
      schemes: ['http', 'https'],
    };
    expect(readSpecification(document)).toMatchObject({
      specification: 'swagger-2.0',
      serverUrl: 'https://api.example.com:8443',
      basePath: '/v1',
    });
  });

  it('with an empty title or operationId is taken as one without', () => {
    const document = { openapi: '3.0.0', info: { title: ' ' }, paths: { '/a': { get: { operationId: '' } } } };
    expect(readSpecification(document)).toMatchObject({ title: 'Untitled API', operations: [{ operationId: null }] });
  });

  it('with a relative server says below which path, not where', () => {
    expect(readSpecification({ openapi: '3.0.0', info, paths, servers: [{ url: '/api' }] })).toMatchObject({
      serverUrl: null,
      basePath: '/api',
    });
  });

  it('follows references to path items inside it and warns of those outside', () => {
    const document = {
      openapi: '3.1.0',
      info,
      paths: {
        '/a~b': { $ref: '#/components/pathItems/a~1b' },
        '/elsewhere': { $ref: 'https://example.com/other.json#/x' },
        '/loop': { $ref: '#/paths/~1loop' },
      },
      components: { pathItems: { 'a/b': { delete: {} } } },
    };
    const { operations, warnings } = readSpecification(document);
    expect(operations).toMatchObject([{ method: 'DELETE', path: '/a~b' }]);
    expect(warnings.map(({ pointer }) => pointer)).toEqual(['/paths/~1elsewhere', '/paths/~1loop']);
  });

  it.each([
    ['no object', [], ['/document']],
    ['no document of ours', { hello: 1 }, ['/document']],
    ['no title and no paths', { openapi: '3.0.0', info: {} }, ['/document/info/title', '/document/paths']],
    ['an unknown release', { openapi: '4.0.0', info, paths }, ['/document/openapi']],
    ['no operations', { openapi: '3.0.0', info, paths: { 'x-note': 1 } }, ['/document/paths']],
    ['a relative path', { openapi: '3.0.0', info, paths: { pets: {} } }, ['/document/paths/pets']],
    ['no object as operation', { openapi: '3.0.0', info, paths: { '/a': { get: 7 } } }, ['/document/paths/~1a/get']],
    [
      'a number as operationId',
      { openapi: '3.0.0', info, paths: { '/a': { get: { operationId: 7 } } } },
      ['/document/paths/~1a/get/operationId'],
    ],
  ])('that is or has %s is refused with a pointer', (_name, document, pointers) => {
    expect(faultsOf(document)).toEqual(pointers);
  });
});
