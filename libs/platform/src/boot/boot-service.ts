import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type ServiceName, servicePorts } from '@tollgate/contracts';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { PlatformConfig } from '../config/platform-config.ts';
import { ProblemFilter } from '../errors/problem-filter.ts';
import type { Readiness } from '../health/readiness.ts';
import { teachZod } from '../languages/spoken-language.ts';
import { createLogger, NestLogger } from '../logging/logger.ts';
import { addHttpTelemetry } from '../telemetry/http-spans.ts';
import { METRICS, READINESS } from '../tokens.ts';
import { closerOf } from './close-server.ts';
import { createFastify, prepareFastify } from './fastify.ts';
import { MessageStrategy } from './message-strategy.ts';
import { PlatformModule } from './platform.module.ts';
import type { PublicListener, ServiceApp } from './service-app.ts';
import { addSystemRoutes } from './system-routes.ts';
import { answerUnreadable } from './unreadable-requests.ts';

/** A booted service. */
export interface RunningService {
  readonly service: ServiceName;
  /** Address of the internal port. */
  readonly url: string;
  /** Address of the public door, where the service has one. */
  readonly publicUrl: string | undefined;
  readonly app: NestFastifyApplication;
  /** Not ready first, then the listeners, consumers and connections; resolves when all are closed. */
  close(): Promise<void>;
}

const drainMs = 10_000;

/** Boots one service in a Nest container of its own and resolves when it listens and consumes. */
export async function bootService<C extends PlatformConfig>(
  definition: ServiceApp<C>,
  config: C,
): Promise<RunningService> {
  const { service } = definition;
  teachZod();
  const logger = createLogger(service, config.LOG_LEVEL);
  const problems = new ProblemFilter(logger, `${config.PUBLIC_CONSOLE_URL}/docs/errors`);
  const adapter = createFastify(config, problems);
  // Nest's adapter types its instance more narrowly than Fastify does; it is the same object.
  const fastify = adapter.getInstance<FastifyInstance>();
  prepareFastify(fastify, logger);

  const root = {
    module: PlatformRoot,
    imports: [PlatformModule.forService(service, config, logger), definition.module(config)],
  };
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    logger: new NestLogger(logger),
    abortOnError: false,
    bodyParser: false,
  });
  const metrics = app.get<Registry>(METRICS);
  const readiness = app.get<Readiness>(READINESS);
  addHttpTelemetry(fastify, service, metrics);
  addSystemRoutes(fastify, readiness, metrics);

  app.useGlobalFilters(problems);
  await fastify.register(async (own) => {
    own.setErrorHandler((error, request, reply) => problems.reply(error, request, reply));
    await definition.routes?.(own, app, config);
  });
  connectStrategy(app);

  await app.startAllMicroservices();
  await app.listen(config.PORT ?? servicePorts[service], config.HOST);
  const url = urlOf(fastify.server.address() as AddressInfo);
  const publicDoor = definition.publicListener?.(config);
  const publicServer =
    publicDoor === undefined
      ? undefined
      : await openPublicDoor(fastify, { ...publicDoor, host: config.HOST, docsUrl: problems.docsUrl });
  logger.info({ url }, 'service is listening');

  return {
    service,
    url,
    publicUrl: publicServer === undefined ? undefined : publicServer.url,
    app,
    close: () => closeService(app, readiness, publicServer, logger),
  };
}

class PlatformRoot {}

/** A service with consumers provides the strategy that runs them. */
function connectStrategy(app: NestFastifyApplication): void {
  const { strategy } = app.get(MessageStrategy);
  if (strategy !== undefined) app.connectMicroservice({ strategy }, { inheritAppConfig: false });
}

function urlOf(address: AddressInfo): string {
  const host = address.address === '::' || address.address === '0.0.0.0' ? '127.0.0.1' : address.address;
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}

interface PublicDoor {
  url: string;
  close(): Promise<void>;
}

/** Lets only the allowed paths through; everything else is answered as if it did not exist. */
async function openPublicDoor(
  fastify: FastifyInstance,
  door: PublicListener & { host: string; docsUrl: string },
): Promise<PublicDoor> {
  const isAllowed = (path: string): boolean =>
    door.allow.some((entry) => (entry.length > 1 && entry.endsWith('/') ? path.startsWith(entry) : path === entry));
  const server = createServer({ requestTimeout: 60_000, keepAliveTimeout: 65_000 }, (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (!isAllowed(path) || path.includes('/../') || path.includes('//')) request.url = replacementFor(path, door);
    fastify.routing(request, response);
  });
  server.on('clientError', answerUnreadable(door.docsUrl));
  const close = closerOf(server);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(door.port, door.host, resolve));
  return { url: urlOf(server.address() as AddressInfo), close };
}

const apiPath = /^\/(?:api|internal)(?:\/|$)/i;

function replacementFor(path: string, { page }: PublicListener): string {
  return page === undefined || apiPath.test(path) ? '/not-on-this-port' : page;
}

async function closeService(
  app: NestFastifyApplication,
  readiness: Readiness,
  publicServer: PublicDoor | undefined,
  logger: Logger,
): Promise<void> {
  readiness.stop();
  const deadline = setTimeout(() => logger.warn('requests in flight did not finish in time'), drainMs);
  deadline.unref();
  if (publicServer !== undefined) {
    await publicServer.close();
  }
  await app.close();
  clearTimeout(deadline);
  logger.info('service is closed');
}
