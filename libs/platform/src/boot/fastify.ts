import { randomUUID } from 'node:crypto';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { commonErrors } from '@tollgate/contracts/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { PlatformConfig } from '../config/platform-config.ts';
import { ApiError } from '../errors/api-error.ts';
import type { ProblemFilter } from '../errors/problem-filter.ts';
import { speakLanguages } from '../languages/spoken-language.ts';
import { answerUnreadable } from './unreadable-requests.ts';

const largestBodyBytes = 32 * 1024 * 1024;
const requestIdFormat = /^[\w.-]{8,64}$/;

declare module 'fastify' {
  interface FastifyContextConfig {
    bodyLimitBytes?: number;
  }
}

/** The HTTP server of a service: strict, bounded, request ids on everything. */
export function createFastify(config: PlatformConfig, problems: ProblemFilter): FastifyAdapter {
  return new FastifyAdapter({
    loggerInstance: undefined,
    logger: false,
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      problems.reply(error, request, reply),
    clientErrorHandler: answerUnreadable(problems.docsUrl),
    bodyLimit: largestBodyBytes,
    routerOptions: { maxParamLength: 256, ignoreTrailingSlash: false },
    trustProxy: config.TRUSTED_PROXIES.split(',').map((entry) => entry.trim()),
    requestTimeout: 60_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    genReqId: (request: { headers: Record<string, string | string[] | undefined> }) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && requestIdFormat.test(given) ? given : randomUUID();
    },
  });
}

/** Body parsing with a limit per endpoint, request id on the answer, the language of the caller, one log line per finished request at `debug`. */
export function prepareFastify(fastify: FastifyInstance, logger: Logger): void {
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeContentTypeParser(['application/json', 'text/plain']);
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = body.toString();
    if (Buffer.byteLength(text) > (request.routeOptions.config.bodyLimitBytes ?? 1024 * 1024)) {
      done(new ApiError(commonErrors.tooLarge));
    } else if (text === '') {
      done(null, undefined);
    } else {
      void parseJson(request, text, done);
    }
  });
  fastify.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  speakLanguages(fastify);
  // A forced delete tells what it did, where a plain one answers 204 without a body.
  fastify.addHook('preSerialization', async (_request, reply, payload) => {
    if (reply.statusCode === 204) void reply.code(200);
    return payload;
  });
  fastify.addHook('onResponse', async (request, reply) => {
    logger.debug(
      {
        requestId: request.id,
        method: request.method,
        path: request.routeOptions.url,
        status: reply.statusCode,
        ms: reply.elapsedTime,
      },
      'request',
    );
  });
}
