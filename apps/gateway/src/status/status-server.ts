import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

/** What the status port shows. */
export interface StatusSource {
  readonly isReady: () => boolean;
  readonly describe: () => object;
  /** Brings what it describes and the metrics up to date. */
  readonly collect: () => Promise<void>;
  readonly metrics: Registry;
}

interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** `/healthz`, `/readyz`, `/metrics` and `/status` on a port of their own. */
export class StatusServer {
  readonly #server: Server;

  constructor(private readonly source: StatusSource) {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  /** Resolves to the address it listens on. */
  async listen(host: string, port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => this.#server.once('error', reject).listen(port, host, resolve));
    return `http://${host}:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, type, body } = await this.#page(request.url ?? '/');
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
  }

  async #page(path: string): Promise<Page> {
    switch (path) {
      case '/healthz':
        return json(200, { status: 'ok' });
      case '/readyz':
        return this.source.isReady() ? json(200, { status: 'ready' }) : json(503, { status: 'not ready' });
      case '/status':
        await this.source.collect();
        return json(200, this.source.describe());
      case '/metrics':
        await this.source.collect();
        return { status: 200, type: this.source.metrics.contentType, body: await this.source.metrics.metrics() };
      default:
        return json(404, { status: 'not found' });
    }
  }
}

function json(status: number, body: object): Page {
  return { status, type: 'application/json', body: JSON.stringify(body) };
}
