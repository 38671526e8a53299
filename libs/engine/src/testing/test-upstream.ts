import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A real HTTP server that remembers what reached it. */
export interface TestUpstream {
  readonly port: number;
  /** `127.0.0.1:port`. */
  readonly address: string;
  readonly requests: IncomingMessage[];
  readonly server: Server;
  stop(): Promise<void>;
}

/** Starts an upstream on a free loopback port; by default it answers with what it was asked, as JSON. */
export async function startUpstream(listener: RequestListener = answerWithRequest): Promise<TestUpstream> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    address: `127.0.0.1:${port}`,
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
