import type { OpenApiDocument } from '@tollgate/ui';

/** A document as an author of an API writes it. */
export const books: OpenApiDocument = {
  openapi: '3.1.0',
  info: { title: 'Bookshop API', version: '2.4.0' },
  servers: [{ url: 'https://api.bookshop.example' }],
  tags: [{ name: 'books' }],
  paths: {
    '/books': {
      get: {
        operationId: 'listBooks',
        summary: 'List books',
        tags: ['books'],
        parameters: [
          { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 } },
        ],
        responses: {
          200: {
            description: 'A page of books',
            content: {
              'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Book' } } },
            },
          },
        },
      },
      post: {
        operationId: 'addBook',
        summary: 'Add a book',
        tags: ['books'],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Book' } } } },
        responses: { 201: { description: 'The book as it is kept' } },
      },
    },
  },
  components: {
    schemas: {
      Book: {
        type: 'object',
        required: ['title'],
        properties: { title: { type: 'string' }, price: { type: 'number' }, inPrint: { type: 'boolean' } },
      },
    },
  },
};

export const booksYaml = `openapi: 3.1.0
info:
  title: Bookshop API
  version: 2.4.0
paths:
  /books:
    get:
      summary: List books
      responses:
        '200':
          description: A page of books
`;

/** A list that is not closed. */
export const brokenYaml = `openapi: 3.1.0
info:
  title: Bookshop API
paths:
  /books:
    get:
      tags: [books, shop
      summary: List books
`;

export const routeBefore = JSON.stringify(
  { uri: '/books/*', methods: ['GET'], upstream: { nodes: { 'books.internal:8080': 1 } } },
  null,
  2,
);
export const routeAfter = JSON.stringify(
  {
    uri: '/books/*',
    methods: ['GET', 'POST'],
    upstream: { nodes: { 'books.internal:8080': 3, 'books-new.internal:8080': 1 } },
  },
  null,
  2,
);

/** What a gateway answered. */
export const answers = [
  {
    status: 200,
    headers: [
      { name: 'content-type', value: 'application/json' },
      { name: 'x-ratelimit-remaining', value: '97' },
    ],
    body: { encoding: 'text' as const, content: '[{"title":"The Left Hand of Darkness","price":12.5}]' },
    bodyBytes: 52,
    truncated: false,
    durationMs: 8,
  },
  {
    status: 429,
    headers: [{ name: 'retry-after', value: '27' }],
    body: { encoding: 'text' as const, content: '{"title":"Too many calls","status":429,"code":"plan.quota_used"}' },
    bodyBytes: 64,
    truncated: false,
    durationMs: 1,
  },
];
