import type { Readable } from 'node:stream';
import { context, propagation } from '@opentelemetry/api';
import replyFrom from '@fastify/reply-from';
import { browserHeader } from '@tollgate/auth';
import { apiSegments, type ServiceName } from '@tollgate/contracts';
import { commonErrors } from '@tollgate/contracts/errors';
import { logOut, switchTenant } from '@tollgate/contracts/rest/iam';
import { ApiError, bearerOf } from '@tollgate/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ForgottenCredentials } from './forgotten-credentials.ts';
import type { TokenExchange } from './token-exchange.ts';

/** What the edge needs to know. */
export interface EdgeOptions {
  urls: Partial<Record<ServiceName, string>>;
  exchange: TokenExchange;
  forgotten: Pick<ForgottenCredentials, 'tell'>;
  timeoutMs: number;
}

/** The developers' realm: its sessions are `developer-portal`'s own and pass as they are. */
const developerSegment = 'portal';

/** Hop-by-hop and forwarding headers are ours to set; cookies and credentials of the public side end here, and what makes cookies. */
const droppedHeaders = new Set([
  'cookie',
  browserHeader,
  'authorization',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'forwarded',
]);

/** After these the caller is somebody else, or nobody, or acts elsewhere: what was remembered is wrong. */
const endsWhatIsRemembered: readonly string[] = [logOut.path, switchTenant.path];

/** The owner of `/api/v1/<segment>/…`, or undefined. */
export function ownerOf(path: string): { service: ServiceName; segment: string } | undefined {
  const segment = path.split('/', 4)[3] ?? '';
  return Object.hasOwn(apiSegments, segment)
    ? { segment, service: apiSegments[segment as keyof typeof apiSegments] }
    : undefined;
}

async function authorizationFor(
  request: FastifyRequest,
  target: { service: ServiceName; segment: string },
  exchange: TokenExchange,
): Promise<string | undefined> {
  const { authorization } = request.headers;
  if (authorization === undefined || target.segment === developerSegment) return authorization;
  const credential = bearerOf(request);
  if (credential === undefined) return undefined;
  const token = await exchange.tokenFor(credential, target.service);
  return token === null ? undefined : `Bearer ${token}`;
}

/** Makes the owner's span a child of the edge's. */
function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  return headers;
}

/** Routes `/api/v1/**` to the owning service by the table in `libs/contracts`, with the caller's credential exchanged. Nothing else happens here. */
export async function addEdgeRoutes(root: FastifyInstance, options: EdgeOptions): Promise<void> {
  await root.register(async (edge) => {
    edge.removeAllContentTypeParsers();
    edge.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    await edge.register(replyFrom, {
      disableCache: true,
      undici: { connections: 64, headersTimeout: options.timeoutMs, bodyTimeout: options.timeoutMs },
    });
    edge.route({
      method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      url: '/api/v1/*',
      handler: async (request, reply) => {
        const [path = '/', ...query] = request.url.split('?');
        const target = ownerOf(path);
        const base = target === undefined ? undefined : options.urls[target.service];
        if (target === undefined || base === undefined) throw new ApiError(commonErrors.notFound);
        const authorization = await authorizationFor(request, target, options.exchange);
        return reply.from(new URL(path, base).href, {
          queryString: () => query.join('?'),
          rewriteRequestHeaders: (_incoming, headers) => ({
            ...Object.fromEntries(Object.entries(headers).filter(([name]) => !droppedHeaders.has(name))),
            'x-forwarded-for': request.ip,
            'x-request-id': request.id,
            ...(authorization === undefined ? {} : { authorization }),
            ...traceHeaders(),
          }),
          onResponse: (_request, answered, upstream) => {
            // reply-from types the whole answer as its stream; at run time the body is in `stream`.
            const { stream } = upstream as unknown as { stream: Readable };
            const credential = endsWhatIsRemembered.includes(path) ? bearerOf(request) : undefined;
            if (credential === undefined) void answered.send(stream);
            else void options.forgotten.tell(credential).then(() => answered.send(stream));
          },
          onError: (failed, { error }) => void failed.send(new ApiError(commonErrors.unavailable, { cause: error })),
        });
      },
    });
  });
}
