import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@tollgate/contracts';
import { linkPaths } from '@tollgate/contracts/dataplane';
import { commonErrors } from '@tollgate/contracts/errors';
import {
  ApiError,
  LOGGER,
  PLATFORM_CONFIG,
  type PlatformConfig,
  RateLimits,
  toApiError,
  toProblem,
} from '@tollgate/platform';
import type { Logger } from 'pino';
import { AckRoutes } from './ack.routes.ts';
import { ConfigRoutes } from './config.routes.ts';
import { HeartbeatRoutes } from './heartbeat.routes.ts';
import { IdentityRoutes } from './identity.routes.ts';
import { LinkPeers } from './link-peers.ts';
import { checkProtocol } from './link-request.ts';
import type { LinkAnswer, LinkRoute, LinkRoutes } from './link-route.ts';
import { PeerLimits } from './peer-limits.ts';
import { TelemetryRoutes } from './telemetry.routes.ts';
import { TriesRoutes } from './tries.routes.ts';
import { UsageRoutes } from './usage.routes.ts';

/** Finds the route of a request, lets in who may come in, and answers errors as problem documents. */
@Injectable()
export class LinkRouter {
  readonly #routes = new Map<string, LinkRoute>();
  readonly #docsUrl: string;

  constructor(
    @Inject(IdentityRoutes) identity: IdentityRoutes,
    @Inject(ConfigRoutes) configuration: ConfigRoutes,
    @Inject(AckRoutes) ack: AckRoutes,
    @Inject(HeartbeatRoutes) heartbeats: HeartbeatRoutes,
    @Inject(UsageRoutes) usage: UsageRoutes,
    @Inject(TelemetryRoutes) telemetry: TelemetryRoutes,
    @Inject(TriesRoutes) tries: TriesRoutes,
    @Inject(LinkPeers) private readonly peers: LinkPeers,
    @Inject(PeerLimits) private readonly peerLimits: PeerLimits,
    @Inject(RateLimits) private readonly addressLimits: RateLimits,
    @Inject(PLATFORM_CONFIG) config: Pick<PlatformConfig, 'PUBLIC_CONSOLE_URL'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const all: LinkRoutes[] = [identity, configuration, ack, heartbeats, usage, telemetry, tries];
    for (const route of all.flatMap(({ routes }) => routes)) {
      this.#routes.set(`${route.method} ${linkPaths[route.path]}`, route);
    }
    this.#docsUrl = `${config.PUBLIC_CONSOLE_URL}/docs/errors`;
  }

  async route(request: IncomingMessage, response: ServerResponse, socket: TLSSocket): Promise<void> {
    try {
      const answer = await this.#answer(request, response, socket);
      if (answer !== undefined) write(response, answer);
    } catch (thrown) {
      this.#refuse(thrown, request, response);
    }
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    socket: TLSSocket,
  ): Promise<LinkAnswer | undefined> {
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
    const route = this.#find(request.method ?? '', path);
    checkProtocol(request);
    const exchange = { request, response, query: new URLSearchParams(query) };
    if (route.access === 'open') {
      await this.addressLimits.checkAddress(
        socket.remoteAddress ?? '',
        route.method === 'GET' ? 'default' : 'sensitive',
      );
      return route.handle(exchange, undefined);
    }
    const peer = await this.peers.identify(socket);
    await this.peerLimits.check(peer.dataPlaneId);
    return route.handle(exchange, peer);
  }

  #find(method: string, path: string): LinkRoute {
    const route = this.#routes.get(`${method} ${path}`);
    if (route !== undefined) return route;
    throw new ApiError(commonErrors.notFound);
  }

  #refuse(thrown: unknown, request: IncomingMessage, response: ServerResponse): void {
    const error = toApiError(thrown);
    const { status } = error.definition;
    const id = newId('evt');
    if (status >= 500) this.logger.error({ err: error.cause ?? error, requestId: id }, 'request on the link failed');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const body = toProblem(error, { id, url: request.url ?? '/' }, this.#docsUrl);
    const headers = { ...error.headers, ...(request.complete ? {} : { connection: 'close' }) };
    write(response, { status, body }, { 'content-type': 'application/problem+json', ...headers });
  }
}

function write(response: ServerResponse, { status, body }: LinkAnswer, headers: Record<string, string> = {}): void {
  if (body === undefined) {
    response.writeHead(status, headers).end();
    return;
  }
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(text);
}
