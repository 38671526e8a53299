import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Duplex } from 'node:stream';
import type { WireRequest } from './request-parser.ts';

/** What a request is, as far as two parsers can be compared. */
export type RequestEssence = Pick<WireRequest, 'method' | 'target' | 'body'>;

/** Turns of the event loop without a new request after which all of them have been read. */
const calmTurns = 50;

/** A connection on which everything was said already; what is answered is dropped. */
class RecordedConnection extends Duplex {
  constructor(bytes: Buffer) {
    super();
    this.push(bytes);
  }

  override _read(): void {}

  override _write(_bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    done();
  }
}

/** Reads the complete requests of a byte stream with Node's own parser (llhttp), as strict as Node ships it. */
export async function readWithNode(bytes: Buffer): Promise<RequestEssence[]> {
  const requests: RequestEssence[] = [];
  const server = createServer({ keepAlive: true, maxHeaderSize: 64 * 1024 });
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const body: Buffer[] = [];
    request.on('data', (piece: Buffer) => body.push(piece));
    request.once('error', () => undefined);
    request.once('end', () => {
      requests.push({ method: request.method ?? '', target: request.url ?? '', body: Buffer.concat(body) });
      response.end();
    });
  };
  server.on('request', onRequest);
  server.on('checkContinue', onRequest);
  server.on('checkExpectation', onRequest);
  const connection = new RecordedConnection(bytes);
  connection.on('error', () => undefined);
  server.on('clientError', () => connection.destroy());
  server.emit('connection', connection);
  // The end of the stream would abort requests that are still being answered, so the parser is waited for instead.
  let known = 0;
  let calm = 0;
  while (calm < calmTurns && !connection.destroyed) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    calm = requests.length === known ? calm + 1 : 0;
    known = requests.length;
  }
  connection.destroy();
  return requests;
}
