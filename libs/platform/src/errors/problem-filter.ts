import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { commonErrors, type ErrorDefinition, type Problem } from '@tollgate/contracts/errors';
import { type Language, sourceLanguage, translate } from '@tollgate/contracts/languages';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { languageHeaders, languageOf } from '../languages/language-of-request.ts';
import { ApiError } from './api-error.ts';

const byStatus: Record<number, ErrorDefinition> = {
  400: commonErrors.malformed,
  401: commonErrors.unauthenticated,
  403: commonErrors.forbidden,
  404: commonErrors.notFound,
  408: commonErrors.timeout,
  413: commonErrors.tooLarge,
  414: commonErrors.malformed,
  415: commonErrors.unsupportedMediaType,
  429: commonErrors.rateLimited,
  503: commonErrors.unavailable,
};

/** PostgreSQL says it is shutting down, starting up or out of connections; Node says that the peer is not there. */
const transientCodes = new Set([
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '08006',
  '08001',
  '08003',
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
]);

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

function isTransient(error: unknown): boolean {
  const { code, driverError, message } = (error ?? {}) as {
    code?: unknown;
    driverError?: { code?: unknown };
    message?: unknown;
  };
  return (
    [code, driverError?.code].some((value) => typeof value === 'string' && transientCodes.has(value)) ||
    message === 'Connection terminated unexpectedly'
  );
}

/** Turns whatever was thrown into an {@link ApiError}; unknown causes become `internal.error` and keep their cause for the log. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const status = statusOf(error);
  const known = status === undefined ? undefined : byStatus[status];
  if (known !== undefined) return new ApiError(known, { cause: error });
  if (status !== undefined && status >= 400 && status < 500)
    return new ApiError(commonErrors.malformed, { cause: error });
  return new ApiError(isTransient(error) ? commonErrors.unavailable : commonErrors.internal, { cause: error });
}

/** The problem document of an error in the reader’s language. `docsUrl` is the address under which error codes are explained. */
export function toProblem(
  error: ApiError,
  request: { id: string; url: string; language?: Language },
  docsUrl: string,
): Problem {
  const { code, status, title } = error.definition;
  const say = (english: string): string => translate(english, request.language ?? sourceLanguage);
  return {
    type: `${docsUrl}#${code.replaceAll('.', '-')}`,
    title: say(title),
    status,
    ...(error.detail === undefined ? {} : { detail: say(error.detail) }),
    instance: request.url.split('?', 1)[0] ?? '/',
    code,
    requestId: request.id,
    ...(error.errors === undefined
      ? {}
      : { errors: error.errors.map(({ pointer, message }) => ({ pointer, message: say(message) })) }),
  };
}

/** Answers every error of the HTTP side as `application/problem+json` and logs those that are our fault. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    /** The address under which error codes are explained. */
    readonly docsUrl: string,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.reply(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Also used for what fails before a handler is found: unknown paths and unreadable bodies. */
  reply(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const error = toApiError(thrown);
    const { status, code } = error.definition;
    if (status >= 500) this.logger.error({ err: error.cause ?? error, requestId: request.id, code }, 'request failed');
    if (reply.sent) return;
    const language = languageOf(request);
    void reply
      .status(status)
      .headers({
        'content-type': 'application/problem+json',
        ...languageHeaders(language),
        ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
        ...error.headers,
      })
      .send(JSON.stringify(toProblem(error, { id: request.id, url: request.url, language }, this.docsUrl)));
  }
}
