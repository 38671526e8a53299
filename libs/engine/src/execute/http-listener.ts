import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerOptions, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type SecureContext, TLSSocket } from 'node:tls';
import { engineErrors } from '../engine.errors.ts';
import { unmapAddress } from '../matching/address-set.ts';
import type { EngineMetrics } from '../metrics.ts';
import type { Admission, Arrival } from './admission.ts';
import type { Exchange } from './exchange.ts';
import type { EngineLimits } from './limits.ts';
import { type OwnError, ownError, renderError } from './own-answer.ts';

/** Where to listen and how. */
export interface ListenOptions {
  /** Default: loopback. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Set for HTTPS; certificates come from the groups. */
  readonly tls?: {
    readonly contextFor: (serverName: string) => SecureContext | undefined;
    /** Shown for names without a certificate and to clients that name none; without it they are refused. */
    readonly defaultCertificate: KeyPair | undefined;
  };
}

/** A private key and its certificate chain, PEM. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

/** A listening socket. */
export interface Listener {
  readonly host: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
}

/** What listeners need from the engine. */
export interface ListenerServices {
  readonly limits: EngineLimits;
  readonly metrics: EngineMetrics;
  readonly docsUrl: string;
  readonly admission: Admission;
}

/** One HTTP or HTTPS socket and the connections that came through it. */
export class HttpListener {
  readonly #server: Server;
  readonly #services: ListenerServices;
  readonly #scheme: 'http' | 'https';
  readonly #connections = new Map<Duplex, Set<Exchange>>();
  readonly #upgraded = new WeakSet<Duplex>();

  constructor(services: ListenerServices, tls: ListenOptions['tls']) {
    this.#services = services;
    this.#scheme = tls === undefined ? 'http' : 'https';
    this.#server =
      tls === undefined ? createServer(serverOptions(services.limits)) : createSecureServer(services.limits, tls);
    this.#server.maxHeadersCount = 0;
    this.#server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) =>
      this.#onConnection(socket),
    );
    this.#server.on('request', (request, response) => this.#onRequest({ request, response }));
    this.#server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) =>
      this.#onRequest({ request, response, awaitsContinue: true }),
    );
    this.#server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) =>
      this.#services.admission.refuse({ request, response }, ownError(engineErrors.expectationFailed)),
    );
    this.#server.on('upgrade', (request, socket, head) => this.#onUpgrade(request, socket, head));
    this.#server.on('connect', (_request, socket: Duplex) =>
      this.#refuseRaw(socket, ownError(engineErrors.notImplemented)),
    );
    this.#server.on('clientError', (cause: NodeJS.ErrnoException, socket) => this.#onClientError(cause, socket));
  }

  async listen({ host = '127.0.0.1', port }: ListenOptions): Promise<Listener> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host, port }, resolve);
    });
    const address = this.#server.address() as AddressInfo;
    return { host: address.address, port: address.port, scheme: this.#scheme };
  }

  /** Accepts nothing more, lets calls under way finish within the time, then cuts what is left. */
  async close(withinMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const cut = setTimeout(() => this.#cutConnections(), withinMs);
    for (const [socket, exchanges] of this.#connections) {
      if (exchanges.size === 0 && !this.#upgraded.has(socket)) socket.destroy();
    }
    await closed;
    clearTimeout(cut);
    this.#cutConnections();
  }

  #cutConnections(): void {
    for (const [socket, exchanges] of this.#connections) {
      for (const exchange of [...exchanges]) exchange.abandon();
      socket.destroy();
    }
  }

  #onConnection(socket: Duplex): void {
    const exchanges = new Set<Exchange>();
    this.#connections.set(socket, exchanges);
    socket.once('close', () => {
      this.#connections.delete(socket);
      for (const exchange of [...exchanges]) exchange.abandon();
    });
  }

  #onRequest(arrival: Pick<Arrival, 'request' | 'response'> & Partial<Arrival>): void {
    const { socket } = arrival.request;
    this.#services.admission.admit({
      awaitsContinue: false,
      upgrade: null,
      ...arrival,
      scheme: this.#scheme,
      peerAddress: unmapAddress(socket.remoteAddress ?? ''),
      localPort: socket.localPort ?? 0,
      serverName: socket instanceof TLSSocket && typeof socket.servername === 'string' ? socket.servername : null,
      exchanges: this.#connections.get(socket) ?? new Set(),
    });
  }

  #onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#upgraded.add(socket);
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(request.socket);
    response.once('finish', () => {
      response.detachSocket(request.socket);
      socket.end();
    });
    this.#onRequest({ request, response, upgrade: { token: 'websocket', socket, head } });
  }

  /** What Node's parser refused, before there was a request. */
  #onClientError(cause: NodeJS.ErrnoException, socket: Duplex): void {
    if (cause.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    switch (cause.code) {
      case 'HPE_HEADER_OVERFLOW':
        this.#services.metrics.noise('head-too-large');
        return this.#refuseRaw(socket, ownError(engineErrors.headTooLarge));
      case 'ERR_HTTP_REQUEST_TIMEOUT':
        this.#services.metrics.noise('head-timeout');
        return this.#refuseRaw(socket, ownError(engineErrors.requestTimeout));
      default:
        this.#services.metrics.noise('bad-head');
        return this.#refuseRaw(socket, ownError(engineErrors.badRequest));
    }
  }

  #refuseRaw(socket: Duplex, error: OwnError): void {
    const { contentType, body } = renderError(error, {
      format: 'problem',
      requestId: randomUUID(),
      path: '/',
      docsUrl: this.#services.docsUrl,
    });
    const isAnswering = (this.#connections.get(socket)?.size ?? 0) > 0;
    if (isAnswering) {
      socket.destroy();
      return;
    }
    const head = [
      `HTTP/1.1 ${error.status} ${error.error.title}`,
      `Content-Type: ${contentType}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  }
}

function serverOptions(limits: EngineLimits): ServerOptions {
  return {
    maxHeaderSize: limits.headLimitBytes,
    headersTimeout: limits.headTimeoutMs,
    requestTimeout: 0,
    keepAliveTimeout: limits.idleTimeoutMs,
    connectionsCheckingInterval: Math.min(limits.headTimeoutMs, 1000),
    insecureHTTPParser: false,
    requireHostHeader: true,
    shouldUpgradeCallback: (request) =>
      request.headers.upgrade?.toLowerCase() === 'websocket' && request.method === 'GET',
  };
}

function createSecureServer(
  limits: EngineLimits,
  { contextFor, defaultCertificate }: NonNullable<ListenOptions['tls']>,
): Server {
  return createTlsServer({
    ...serverOptions(limits),
    ...defaultCertificate,
    ALPNProtocols: ['http/1.1'],
    minVersion: 'TLSv1.2',
    handshakeTimeout: limits.headTimeoutMs,
    SNICallback: (serverName, done) => {
      const context = contextFor(serverName.toLowerCase());
      if (context === undefined && defaultCertificate === undefined)
        done(new Error(`no certificate for ${serverName}`));
      else done(null, context);
    },
  });
}
