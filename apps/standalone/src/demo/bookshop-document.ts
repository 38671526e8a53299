const book = { $ref: '#/components/schemas/Book' } as const;
const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } as const;
/** What the gateway answers before the shop is asked. */
const refusals = {
  401: { $ref: '#/components/responses/NoKey' },
  429: { $ref: '#/components/responses/TooMany' },
} as const;
const dispossessed = { id: '3', title: 'The Dispossessed', author: 'Ursula K. Le Guin', price: 13 } as const;

/**
 * What the demo tenant sells, described as its admins would describe it: imported into its gateway group, and shown to its developers.
 * @param url where callers reach the shop through the gateway.
 */
export function bookshopDocument(url: string) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Bookshop',
      version: '1.0.0',
      description:
        'A small shop that the demo tenant puts behind its gateway: which books there are, and what they cost.',
    },
    servers: [{ url, description: 'The shop behind the gateway of this installation' }],
    security: [{ key: [] }],
    tags: [{ name: 'Books', description: 'What stands on the shelves.' }],
    paths: {
      '/books': {
        get: {
          operationId: 'listBooks',
          tags: ['Books'],
          summary: 'List books',
          description: 'All books of the shop, on one page.',
          responses: {
            200: {
              description: 'All books.',
              content: {
                'application/json': {
                  schema: {
                    type: 'object',
                    required: ['books'],
                    properties: { books: { type: 'array', items: book } },
                  },
                  example: { books: [dispossessed] },
                },
              },
            },
            ...refusals,
          },
        },
      },
      '/books/{bookId}': {
        get: {
          operationId: 'getBook',
          tags: ['Books'],
          summary: 'Get a book',
          parameters: [
            {
              name: 'bookId',
              in: 'path',
              required: true,
              description: 'The `id` of a book in the list.',
              schema: { type: 'string' },
              example: '3',
            },
          ],
          responses: {
            200: {
              description: 'The book.',
              content: { 'application/json': { schema: book, example: dispossessed } },
            },
            ...refusals,
            404: {
              description: 'There is no such book.',
              content: {
                'application/json': {
                  schema: { type: 'object', required: ['error'], properties: { error: { type: 'string' } } },
                },
              },
            },
          },
        },
      },
    },
    components: {
      schemas: {
        Book: {
          type: 'object',
          required: ['id', 'title', 'author', 'price'],
          properties: {
            id: { type: 'string' },
            title: { type: 'string' },
            author: { type: 'string' },
            price: { type: 'number', description: 'In euros.' },
          },
        },
        Problem: {
          type: 'object',
          description: 'A problem document (RFC 9457) of the gateway.',
          required: ['title', 'status'],
          properties: { title: { type: 'string' }, status: { type: 'integer' }, detail: { type: 'string' } },
        },
      },
      responses: {
        NoKey: { description: 'The key is missing or wrong.', content: problem },
        TooMany: {
          description: 'More calls than the plan allows.',
          headers: { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } },
          content: problem,
        },
      },
      securitySchemes: {
        key: { type: 'apiKey', in: 'header', name: 'apikey', description: 'A key of a subscription.' },
      },
    },
  } as const;
}
