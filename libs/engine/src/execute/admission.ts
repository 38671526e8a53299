import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Program } from '../compile/program.ts';
import { engineErrors } from '../engine.errors.ts';
import { normalisePath } from '../matching/normalise-path.ts';
import { type ClientEnds, Exchange } from './exchange.ts';
import type { ExchangeServices } from './exchange-services.ts';
import { clientAddressOf } from './forwarded-headers.ts';
import { checkHead, isHeadFault, type RequestTarget } from './head-checks.ts';
import { HeaderList } from './header-list.ts';
import { chooseRequestId, HttpCall } from './http-call.ts';
import { type OwnError, ownError, renderError } from './own-answer.ts';
import { dropRestOfBody } from './unread-body.ts';

/** A request as a listener hands it over. */
export interface Arrival extends Omit<ClientEnds, 'peer'> {
  readonly scheme: 'http' | 'https';
  readonly peerAddress: string;
  readonly localPort: number;
  /** The TLS server name, or null. */
  readonly serverName: string | null;
  /** The exchanges under way on the connection. */
  readonly exchanges: Set<Exchange>;
}

/** Finds what serves a host. */
export interface ProgramDirectory {
  findProgram(host: string): Program | undefined;
  /** True when the group's access state is too old to be relied on. */
  isAccessStale(program: Program): boolean;
}

/** Decides whether a request is a call at all: a sound head, for a host that a group here serves. */
export class Admission {
  constructor(
    private readonly directory: ProgramDirectory,
    private readonly services: Omit<ExchangeServices, 'ended'>,
  ) {}

  admit(arrival: Arrival): void {
    const headers = new HeaderList(arrival.request.rawHeaders);
    const target = checkHead(arrival.request, headers);
    if (isHeadFault(target)) {
      this.services.metrics.noise('bad-head');
      this.refuse(arrival, ownError(target.error, target.detail));
      return;
    }
    const program = this.directory.findProgram(target.host);
    const [rawPath = '', query] = splitTarget(target.target);
    const path = normalisePath(rawPath);
    if (program === undefined || path === null) {
      this.services.metrics.noise(program === undefined ? 'unknown-host' : 'bad-head');
      this.refuse(arrival, ownError(program === undefined ? engineErrors.hostUnknown : engineErrors.badRequest));
      return;
    }
    if (this.#isMisdirected(arrival, program)) {
      this.refuse(arrival, ownError(engineErrors.misdirected));
      return;
    }
    this.#start(arrival, { headers, program, target, path, query });
  }

  /** Answers a request that is no call; its connection closes unless only the host was unknown. */
  refuse({ request, response }: { request: IncomingMessage; response: ServerResponse }, error: OwnError): void {
    const requestId = chooseRequestId(undefined);
    const path = request.url?.startsWith('/') === true ? (splitTarget(request.url)[0] ?? '/') : '/';
    const { contentType, body } = renderError(error, {
      format: 'problem',
      requestId,
      path,
      docsUrl: this.services.docsUrl,
    });
    const isChunked = request.headers['transfer-encoding'] !== undefined;
    const restBytes = isChunked ? null : Number(request.headers['content-length'] ?? 0);
    const mayKeep =
      error.error === engineErrors.hostUnknown && dropRestOfBody(request, restBytes, this.services.limits);
    response.writeHead(error.status, {
      'Content-Type': contentType,
      'Content-Length': Buffer.byteLength(body),
      'X-Request-Id': requestId,
      ...(mayKeep ? {} : { Connection: 'close' }),
    });
    response.end(body);
  }

  #isMisdirected({ serverName }: Arrival, program: Program): boolean {
    return serverName !== null && this.directory.findProgram(serverName.toLowerCase())?.groupId !== program.groupId;
  }

  #start(
    arrival: Arrival,
    head: { headers: HeaderList; program: Program; target: RequestTarget; path: string; query: string | undefined },
  ): void {
    const { headers, program } = head;
    const isTrusted = program.trustedPeers.has(arrival.peerAddress);
    const peer = { address: arrival.peerAddress, isTrusted };
    const call = new HttpCall({
      request: arrival.request,
      headers,
      program,
      requestId: chooseRequestId(headers.get('x-request-id')),
      scheme: arrival.scheme,
      host: head.target.host,
      path: head.path,
      query: head.query ?? '',
      clientAddress: clientAddressOf(peer, headers, program.trustedPeers),
      localPort: arrival.localPort,
    });
    const services: ExchangeServices = {
      ...this.services,
      ended: (exchange) => arrival.exchanges.delete(exchange),
    };
    const exchange = new Exchange(services, call, { ...arrival, peer });
    arrival.exchanges.add(exchange);
    exchange.start(this.directory.isAccessStale(program) ? call.reject(engineErrors.accessStale) : undefined);
  }
}

function splitTarget(target: string): [string, string?] {
  const mark = target.indexOf('?');
  return mark < 0 ? [target] : [target.slice(0, mark), target.slice(mark + 1)];
}
