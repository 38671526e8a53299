/** A small OpenAPI document without a fault. */
export const sampleReference = {
  openapi: '3.0.3',
  info: { title: 'Orders', version: '1.0.0' },
  servers: [{ url: 'https://orders.example.test' }],
  paths: {
    '/orders/{id}': {
      get: {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { 200: { description: 'The order.' }, 404: { $ref: '#/components/responses/NotFound' } },
      },
    },
    '/orders': { post: { responses: { 201: { description: 'Placed.' } } } },
  },
  components: { responses: { NotFound: { description: 'There is no such order.' } } },
} as const;
