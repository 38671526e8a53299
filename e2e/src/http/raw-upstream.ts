import { createHash } from 'node:crypto';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { valuesOf } from './header-fields.ts';
import { parseRequest, type RequestHead, type RequestFault, type WireRequest } from './request-parser.ts';

/** A request that reached the upstream. */
export interface SeenRequest extends WireRequest {
  /** Counts every request of this upstream, from 1. */
  readonly sequence: number;
  /** Counts connections, from 1. */
  readonly connection: number;
}

/** A connection of the upstream, with all bytes that it received. */
export interface SeenConnection {
  readonly id: number;
  readonly received: () => Buffer;
  readonly requests: readonly SeenRequest[];
  /** Set when the strict reference refuses what came. */
  readonly fault: () => RequestFault | null;
  readonly isOpen: () => boolean;
}

/** What a script works with: the connection, and what has come of the request. */
export interface UpstreamExchange {
  readonly head: RequestHead;
  /** The connection to answer on; raw bytes. */
  readonly socket: Socket;
  readonly connection: number;
  /** Body so far. */
  readonly body: () => Buffer;
  /** From now on the connection speaks another protocol: its bytes, those already there first, go to `onBytes` and are not read as requests. */
  readonly takeOver: (onBytes: (bytes: Buffer) => void) => void;
}

/** Answers by hand: `atHead` when the head is complete, `atEnd` when the request is. Without `atEnd` nothing more is sent. */
export interface UpstreamScript {
  readonly atHead?: (exchange: UpstreamExchange) => unknown;
  readonly atEnd?: (exchange: UpstreamExchange, request: SeenRequest) => unknown;
}

/** Marks answers of the upstream; holds the sequence number of the request. */
export const seenMark = 'x-seen';

/** What a request was, in one line: method, target, length and hash of the body. The body of the usual answer. */
export function summaryOf({ method, target, body }: Pick<WireRequest, 'method' | 'target' | 'body'>): string {
  return `${method} ${target} ${body.length} ${createHash('sha1').update(body).digest('hex')}`;
}

/** A back end on bare TCP that records every byte, reads requests by the strict reference, and answers as it is told. */
export class RawUpstream {
  readonly requests: SeenRequest[] = [];
  readonly connections: SeenConnection[] = [];
  readonly #scripts = new Map<string, UpstreamScript>();
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#serve(socket));
  #sequence = 0;

  /** Listens on a free loopback port. */
  static async start(): Promise<RawUpstream> {
    const upstream = new RawUpstream();
    await new Promise<void>((resolve) => upstream.#server.listen(0, '127.0.0.1', resolve));
    return upstream;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Requests whose path begins with `/c/<id>` are answered by this script; the others by 200 and {@link summaryOf}. */
  script(id: string, script: UpstreamScript): void {
    this.#scripts.set(id, script);
  }

  /** Requests that carry the id in their path. */
  seen(id: string): SeenRequest[] {
    return this.requests.filter(({ target }) => idOf(target) === id);
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #serve(socket: Socket): void {
    const id = this.connections.length + 1;
    const requests: SeenRequest[] = [];
    let received: Buffer[] = [];
    let at = 0;
    let fault: RequestFault | null = null;
    let announced = -1;
    let takenOver: ((bytes: Buffer) => void) | null = null;
    const all = (): Buffer => {
      const [only = Buffer.alloc(0), ...more] = received;
      if (more.length > 0) received = [Buffer.concat(received)];
      return received[0] ?? only;
    };
    this.connections.push({ id, requests, received: all, fault: () => fault, isOpen: () => this.#sockets.has(socket) });
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('end', () => socket.end());
    socket.once('close', () => this.#sockets.delete(socket));
    const advance = (): void => {
      for (;;) {
        const parsed = parseRequest(all(), at);
        if (parsed.kind === 'malformed') {
          fault ??= parsed.fault;
          socket.destroy();
          return;
        }
        const head = parsed.kind === 'request' ? parsed.request : parsed.head;
        if (head === null) return;
        const script = this.#scripts.get(idOf(head.target) ?? '');
        const body = (): Buffer => bodyOf(all(), at);
        const exchange: UpstreamExchange = {
          head,
          socket,
          connection: id,
          body: parsed.kind === 'request' ? () => parsed.request.body : body,
          takeOver: (onBytes) => (takenOver = onBytes),
        };
        if (announced !== at) {
          announced = at;
          script?.atHead?.(exchange);
        }
        if (parsed.kind === 'incomplete') return;
        at = parsed.request.end;
        this.#sequence += 1;
        const request = { ...parsed.request, sequence: this.#sequence, connection: id };
        requests.push(request);
        this.requests.push(request);
        if (script === undefined) socket.write(usualAnswer(request));
        else script.atEnd?.(exchange, request);
        if (takenOver !== null) {
          const early = all().subarray(at);
          if (early.length > 0) takenOver(early);
          return;
        }
      }
    };
    socket.on('data', (bytes: Buffer) => {
      if (takenOver !== null) {
        takenOver(bytes);
        return;
      }
      received.push(bytes);
      if (fault === null) advance();
    });
  }
}

function bodyOf(bytes: Buffer, at: number): Buffer {
  const parsed = parseRequest(bytes, at);
  if (parsed.kind === 'request') return parsed.request.body;
  return parsed.kind === 'incomplete' ? parsed.body : Buffer.alloc(0);
}

function idOf(target: string): string | undefined {
  return /^\/c\/([^/?]+)/.exec(target)?.[1];
}

/** 200 with the summary of the request; without a body for HEAD. */
export function usualAnswer(request: Pick<SeenRequest, 'method' | 'target' | 'body' | 'sequence'>): string {
  const summary = summaryOf(request);
  const head = `HTTP/1.1 200 OK\r\nContent-Length: ${summary.length}\r\nX-Seen: ${request.sequence}\r\n\r\n`;
  return request.method === 'HEAD' ? head : `${head}${summary}`;
}

/** Values of a field of a request that reached the upstream. */
export function fieldOf(request: SeenRequest | undefined, name: string): string[] {
  return request === undefined ? [] : valuesOf(request.fields, name);
}
