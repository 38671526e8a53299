import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { Readiness } from '../health/readiness.ts';

/** `/healthz` (the process lives), `/readyz` (its dependencies answer), `/metrics` (Prometheus). Internal port only. */
export function addSystemRoutes(fastify: FastifyInstance, readiness: Readiness, metrics: Registry): void {
  fastify.get('/healthz', async () => ({ status: 'ok' }));
  fastify.get('/readyz', async (_request, reply) => {
    const { ready, checks } = await readiness.check();
    return reply.status(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', checks });
  });
  fastify.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()));
}
