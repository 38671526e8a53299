import { describe, expect, it } from 'vitest';
import { exampleOf } from './example-of.ts';
import { follow, type OpenApiDocument } from './openapi-document.ts';
import { exampleCall, keyFieldOf, serverOf } from './operation-call.ts';
import { groupOperations, readOperations } from './operations.ts';
import { typeName, viewSchema } from './schema-view.ts';

const document: OpenApiDocument = {
  openapi: '3.1.0',
  servers: [{ url: 'https://{region}.shop.example/v1/', variables: { region: { default: 'eu' } } }],
  tags: [{ name: 'Books', description: 'On the shelves.' }],
  paths: {
    '/books/{bookId}': {
      parameters: [{ name: 'bookId', in: 'path', example: 'a b' }, { $ref: '#/components/parameters/Language' }],
      get: {
        operationId: 'getBook',
        tags: ['Books'],
        summary: 'Get a book',
        responses: { 200: { description: 'It.' } },
      },
      put: {
        tags: ['Books'],
        parameters: [{ name: 'language', in: 'header', required: true, schema: { enum: ['de', 'en'] } }],
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Book' } } },
        },
        responses: {},
      },
    },
    '/nowhere': { $ref: '#/components/pathItems/Missing' },
    '/': { delete: { operationId: 'getBook', responses: 'broken' } },
  },
  components: {
    parameters: { Language: { name: 'language', in: 'header', schema: { type: 'string' } } },
    securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'x-key' } },
    schemas: {
      Book: {
        type: 'object',
        required: ['title'],
        properties: { title: { type: 'string', minLength: 1 }, sequel: { $ref: '#/components/schemas/Book' } },
      },
      Priced: {
        allOf: [
          { $ref: '#/components/schemas/Book' },
          { required: ['price'], properties: { price: { type: 'number' } } },
        ],
      },
      Loop: { $ref: '#/components/schemas/Loop' },
    },
  },
};

/** No gateway says where it is. */
const unknown = { hosts: [], addresses: [] };

describe('the reference of an OpenAPI document', () => {
  const operations = readOperations(document);

  it('has every operation that can be read, each with a key of its own', () => {
    expect(operations.map(({ key }) => key)).toEqual(['getBook', 'put /books/{bookId}', 'delete /']);
  });

  it('lets parameters of an operation take the place of those of its path', () => {
    expect(operations[0]?.parameters.map(({ name, required }) => [name, required])).toEqual([
      ['bookId', true],
      ['language', false],
    ]);
    expect(operations[1]?.parameters.find(({ name }) => name === 'language')?.required).toBe(true);
  });

  it('groups by tag, those without one last', () => {
    expect(groupOperations(document, operations).map(({ name, operations: inside }) => [name, inside.length])).toEqual([
      ['Books', 2],
      ['', 1],
    ]);
  });

  it('takes parts of allOf together', () => {
    const { properties } = viewSchema(document, { $ref: '#/components/schemas/Priced' });
    expect(properties.map(({ name, required }) => [name, required])).toEqual([
      ['title', true],
      ['sequel', false],
      ['price', true],
    ]);
  });

  it('names types as code does', () => {
    expect(typeName(document, { type: 'array', items: { $ref: '#/components/schemas/Book' } })).toBe('Book[]');
    expect(typeName(document, { type: ['string', 'null'] })).toBe('string | null');
    expect(typeName(document, undefined)).toBe('any');
  });

  it('comes to an end where a schema contains itself', () => {
    expect(follow(document, { $ref: '#/components/schemas/Loop' })).toBeUndefined();
    expect(JSON.stringify(exampleOf(document, { $ref: '#/components/schemas/Book' })).length).toBeLessThan(500);
  });

  it('follows references within the document only, and no inherited names', () => {
    expect(follow(document, { $ref: 'https://elsewhere.example/x.json' })).toBeUndefined();
    expect(follow(document, { $ref: '#/constructor' })).toBeUndefined();
  });

  it('sends calls to the gateway, also where the document names the API behind it', () => {
    const behind: OpenApiDocument = { openapi: '3.1.0', servers: [{ url: 'http://10.0.0.7:8000/v2/' }] };
    const gateway = { hosts: ['api.example'], addresses: ['http://api.example:9080/'] };
    expect(serverOf(behind, gateway)).toBe('http://api.example:9080/v2');
    expect(serverOf({ ...behind, servers: [{ url: '/v2' }] }, gateway)).toBe('http://api.example:9080/v2');
    expect(serverOf({ ...behind, servers: [{ url: 'https://api.example/v2' }] }, gateway)).toBe(
      'https://api.example/v2',
    );
    expect(serverOf(undefined, gateway)).toBe('http://api.example:9080');
    expect(serverOf(behind, unknown)).toBe('http://10.0.0.7:8000/v2');
  });

  it('shows a call with examples for all that is needed and a placeholder for the key', () => {
    const [, put] = operations;
    if (put === undefined) throw new Error('missing');
    const server = serverOf(document, unknown) ?? '';
    expect(exampleCall(document, put, { server, key: 'KEY' })).toEqual({
      method: 'PUT',
      url: 'https://eu.shop.example/v1/books/a%20b',
      headers: [
        { name: 'x-key', value: 'KEY' },
        { name: 'content-type', value: 'application/json' },
        { name: 'language', value: 'de' },
      ],
      body: expect.stringContaining('"title": "text"') as string,
    });
  });

  it('falls back to the hosts and the gateway’s header where the document says nothing', () => {
    const bare: OpenApiDocument = { openapi: '3.0.3', servers: [{ url: '/v2' }] };
    expect(serverOf(bare, { hosts: ['api.example'], addresses: [] })).toBe('https://api.example/v2');
    expect(serverOf(undefined, unknown)).toBeUndefined();
    expect(keyFieldOf(bare)).toBe('apikey');
  });
});
