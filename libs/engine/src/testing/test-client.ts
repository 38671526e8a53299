import type { Agent } from 'node:http';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';

/** An answer as a test looks at it. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: () => unknown;
}

/** What a test sends; `host` defaults to `api.test`. */
export interface TestRequest {
  readonly host?: string;
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
}

/** Sends one request over a real socket. Rejects when the connection breaks before the answer is complete. */
export async function send(port: number, path: string, options: TestRequest = {}): Promise<TestAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: options.method ?? 'GET',
        headers: { host: options.host ?? 'api.test', ...options.headers },
        agent: options.agent ?? false,
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('error', reject);
        answer.once('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text,
            json: (): unknown => JSON.parse(text),
          });
        });
      },
    );
    outgoing.once('error', reject);
    outgoing.end(options.body);
  });
}

/** Writes raw bytes and collects everything up to the end of the connection, which the other side must bring about. */
export async function sendRaw(port: number, ...parts: readonly (string | Buffer)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.setNoDelay(true);
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.once('error', reject);
    socket.once('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    const writeNext = (index: number): void => {
      const part = parts[index];
      if (part !== undefined) socket.write(part, () => setImmediate(writeNext, index + 1));
    };
    socket.once('connect', () => writeNext(0));
  });
}
