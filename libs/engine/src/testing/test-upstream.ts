import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A real HTTP server that remembers what reached it. */
export interface TestUpstream {
  readonly port: number;
  /** `host:port`. */
  readonly address: string;
  readonly requests: IncomingMessage[];
  readonly server: Server;
  stop(): Promise<void>;
}

/** Where an upstream listens, and whether it speaks TLS. */
export interface TestUpstreamPlace {
  readonly host?: string;
  readonly port?: number;
  /** PEM. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** Starts an upstream, on a free loopback port unless told otherwise; by default it answers with what it was asked, as JSON. */
export async function startUpstream(
  listener: RequestListener = answerWithRequest,
  at: TestUpstreamPlace = {},
): Promise<TestUpstream> {
  const { host = '127.0.0.1', port: wanted = 0, tls } = at;
  const requests: IncomingMessage[] = [];
  const answer: RequestListener = (request, response) => {
    requests.push(request);
    listener(request, response);
  };
  const server = tls === undefined ? createServer(answer) : createTlsServer(tls, answer);
  await new Promise<void>((resolve) => server.listen(wanted, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    address: `${host}:${port}`,
    requests,
    server,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function answerWithRequest(...[request, response]: Parameters<RequestListener>): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers }));
}
