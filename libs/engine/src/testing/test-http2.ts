import { once } from 'node:events';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  createServer,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type ServerOptions,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';

/** What an HTTP/2 upstream does with a stream. */
export type StreamListener = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

/** A real HTTP/2 server in clear text that remembers what reached it. */
export interface TestHttp2Upstream {
  /** `127.0.0.1:port`. */
  readonly address: string;
  readonly requests: IncomingHttpHeaders[];
  readonly sessions: Set<ServerHttp2Session>;
  /** Connections so far. */
  readonly connections: Socket[];
  stop(): Promise<void>;
}

/** Starts an HTTP/2 upstream on a free loopback port; by default it answers with what it was asked, as JSON. */
export async function startHttp2Upstream(
  listener: StreamListener = answerWithHeaders,
  options: ServerOptions = {},
): Promise<TestHttp2Upstream> {
  const requests: IncomingHttpHeaders[] = [];
  const sessions = new Set<ServerHttp2Session>();
  const connections: Socket[] = [];
  const server = createServer(options);
  server.on('connection', (socket: Socket) => connections.push(socket));
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined);
    session.on('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    requests.push(headers);
    stream.on('error', () => undefined);
    listener(stream, headers);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    sessions,
    connections,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const session of sessions) session.destroy();
      await closed;
    },
  };
}

function answerWithHeaders(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  stream.respond({ ':status': 200, 'content-type': 'application/json' });
  stream.end(JSON.stringify(headers));
}

/** An answer over HTTP/2 as a test looks at it. */
export interface TestHttp2Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  /** Statuses of interim answers. */
  readonly interim: readonly number[];
  readonly body: Buffer;
  readonly text: string;
  readonly json: () => unknown;
  /** How the stream was ended. */
  readonly code: number;
}

/** Opens a connection of HTTP/2 in clear text to a port. Whoever opens it destroys it. */
export function openHttp2(port: number): ClientHttp2Session {
  const session = connect(`http://127.0.0.1:${port}`);
  session.on('error', () => undefined);
  return session;
}

/** What a test sends on a stream; the authority defaults to `api.test`. */
export interface TestHttp2Request {
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

/** Sends one request on a stream. Rejects when the stream breaks before the answer is complete. */
export async function sendHttp2(
  session: ClientHttp2Session,
  path: string,
  { headers = {}, body }: TestHttp2Request = {},
): Promise<TestHttp2Answer> {
  const method = body === undefined ? 'GET' : 'POST';
  const all = { ':path': path, ':method': method, ':authority': 'api.test', ...headers };
  const stream = session.request(all, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  return collectHttp2(stream);
}

/** Collects the answer to a request. Rejects when the stream breaks before it is complete. */
export async function collectHttp2(stream: ClientHttp2Stream): Promise<TestHttp2Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const interim: number[] = [];
    let answered: IncomingHttpHeaders | null = null;
    let trailers: IncomingHttpHeaders = {};
    let hasEnded = false;
    stream.on('response', (headers) => (answered = headers));
    stream.on('headers', (headers) => interim.push(Number(headers[':status'])));
    stream.on('trailers', (headers: IncomingHttpHeaders) => (trailers = headers));
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => (hasEnded = true));
    stream.on('error', reject);
    stream.on('close', () => {
      if (answered === null || !hasEnded) {
        reject(new Error(`the stream ended with ${stream.rstCode}`));
        return;
      }
      const body = Buffer.concat(chunks);
      const text = body.toString();
      resolve({
        status: Number(answered[':status']),
        headers: answered,
        trailers,
        interim,
        body,
        text,
        json: (): unknown => JSON.parse(text),
        code: stream.rstCode,
      });
    });
  });
}
