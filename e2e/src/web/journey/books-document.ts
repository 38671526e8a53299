/** Title of the API that the journey imports and sells. */
export const booksTitle = 'Books';

/** An OpenAPI document of an API at `server`, as its makers have it. */
export function booksDocument(server: string): string {
  const answers = { 200: { description: 'Found', content: { 'application/json': { schema: { type: 'object' } } } } };
  return JSON.stringify(
    {
      openapi: '3.1.0',
      info: { title: booksTitle, version: '1.0.0' },
      servers: [{ url: server }],
      components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'apikey' } } },
      security: [{ key: [] }],
      paths: {
        '/books': { get: { operationId: 'listBooks', summary: 'List the books', responses: answers } },
        '/books/{bookId}': {
          get: {
            operationId: 'readBook',
            summary: 'Read a book',
            parameters: [
              { name: 'bookId', in: 'path', required: true, example: '7', schema: { type: 'string', example: '7' } },
            ],
            responses: answers,
          },
        },
      },
    },
    null,
    2,
  );
}
