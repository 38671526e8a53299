import { endpointCatalogue } from '@tollgate/contracts/rest';
import { buildOpenApi } from '@tollgate/platform/openapi';
import type { FastifyInstance } from 'fastify';
import { homePage, pageHeaders } from './home-page.ts';

/** What the portal serves beside its API: a first page, and the document of what developers can call. */
export function addPages(fastify: FastifyInstance): void {
  const document = JSON.stringify(
    buildOpenApi(endpointCatalogue().filter(({ path }) => path.startsWith('/api/v1/portal/'))),
  );
  fastify.get('/', async (_request, reply) => reply.headers(pageHeaders).send(homePage));
  fastify.get('/api/openapi.json', async (_request, reply) => reply.type('application/json').send(document));
}
