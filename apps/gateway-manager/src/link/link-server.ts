import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { constants } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { LOGGER, PLATFORM_CONFIG } from '@tollgate/platform';
import type { Logger } from 'pino';
import { CertificateAuthority } from '../ca/certificate-authority.ts';
import type { GatewayManagerConfig } from '../config.ts';
import { ConfigSessions } from './config-sessions.ts';
import { FleetSignals } from '../fleet/fleet-signals.ts';
import { LinkRouter } from './link-router.ts';
import { Revocations } from '../fleet/revocations.ts';

/** The server's certificate lives 90 days; every instance takes a new one daily, and the next intermediate when it is there. */
const recertifyEveryMs = 86_400_000;
/** Requests under way may take so long at shutdown. */
const lastRequestsMs = 5_000;

/** The TLS endpoint that data planes phone home to. */
@Injectable()
export class LinkServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #server: Server | undefined;
  #recertify: NodeJS.Timeout | undefined;

  constructor(
    @Inject(PLATFORM_CONFIG) private readonly config: GatewayManagerConfig,
    @Inject(CertificateAuthority) private readonly authority: CertificateAuthority,
    @Inject(Revocations) private readonly revocations: Revocations,
    @Inject(FleetSignals) private readonly signals: FleetSignals,
    @Inject(ConfigSessions) private readonly sessions: ConfigSessions,
    @Inject(LinkRouter) private readonly router: LinkRouter,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Where it listens, once it does. */
  get url(): string {
    const address = this.#server?.address() as AddressInfo | null | undefined;
    if (address === null || address === undefined) throw new Error('the link does not listen yet');
    return `https://localhost:${address.port}`;
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.authority.refresh();
    await this.signals.start();
    await this.revocations.start();
    const server = createServer(
      {
        ...(await this.#secrets()),
        requestCert: true,
        // Every certificate is verified by LinkPeers, which tells an expired one from a foreign one.
        rejectUnauthorized: false,
        minVersion: 'TLSv1.2',
        secureOptions: constants.SSL_OP_NO_TICKET,
        headersTimeout: 10_000,
        requestTimeout: 60_000,
        keepAliveTimeout: 65_000,
      },
      (request, response) => this.#serve(request, response),
    );
    server.maxConnections = this.config.LINK_MAX_CONNECTIONS;
    server.on('tlsClientError', (err) => this.logger.debug({ err }, 'TLS handshake on the link failed'));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.config.LINK_PORT, this.config.HOST, resolve);
    });
    this.#server = server;
    this.#recertify = setInterval(() => void this.#renewSecrets(server), recertifyEveryMs).unref();
    this.logger.info({ url: this.url }, 'link is listening');
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#recertify);
    this.revocations.stop();
    const server = this.#server;
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    this.sessions.closeAll();
    server.closeIdleConnections();
    const cut = setTimeout(() => server.closeAllConnections(), lastRequestsMs);
    await closed;
    clearTimeout(cut);
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    request.on('error', () => response.destroy());
    response.on('error', () => request.destroy());
    void this.router.route(request, response, request.socket as TLSSocket);
  }

  async #secrets(): Promise<{ key: string; cert: string; ca: string[] }> {
    const names = [new URL(this.config.PUBLIC_LINK_URL).hostname, ...this.config.LINK_HOSTS, ...localNames];
    return { ...(await this.authority.issueServer([...new Set(names)])), ca: this.authority.trustedPems };
  }

  async #renewSecrets(server: Server): Promise<void> {
    try {
      await this.authority.refresh();
      server.setSecureContext(await this.#secrets());
    } catch (err) {
      this.logger.error({ err }, 'certificate of the link could not be renewed; it is tried again tomorrow');
    }
  }
}

const localNames = ['localhost', '127.0.0.1', '::1'];
