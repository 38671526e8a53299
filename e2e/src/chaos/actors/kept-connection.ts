import { connect, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import { announcesClose, parseAnswer, type WireAnswer } from '../../http/answer-parser.ts';
import { valuesOf } from '../../http/header-fields.ts';

/** Where a gateway is and how it is spoken to. */
export interface GatewayDoor {
  readonly port: number;
  /** Name asked for by TLS; plain when absent. */
  readonly serverName?: string;
  /** Address to come from; any of 127.0.0.0/8. */
  readonly localAddress?: string;
}

/** A request did not get a whole answer. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';

  readonly reason: 'closed' | 'reset' | 'malformed' | 'late';
  /** What has come of it. */
  readonly received: Buffer;
  /** A kept connection ended before a byte of the answer came. */
  readonly isStale: boolean;

  constructor({ reason, received, isStale }: Pick<NoAnswer, 'reason' | 'received' | 'isStale'>) {
    super(`${reason} after ${received.length} bytes: ${JSON.stringify(received.toString('latin1', 0, 120))}`);
    this.reason = reason;
    this.received = received;
    this.isStale = isStale;
  }
}

const patienceMs = 30_000;

/** A kept connection to a gateway: one request after the other, every answer read strictly. */
export class KeptConnection {
  readonly socket: Socket;
  readonly #patience: NodeJS.Timeout;
  #received: Buffer[] = [];
  #length = 0;
  #needed = 0;
  #method = 'GET';
  #answers = 0;
  #waiting: PromiseWithResolvers<WireAnswer> | null = null;
  #end: 'closed' | 'reset' | null = null;

  private constructor(socket: Socket) {
    this.socket = socket;
    this.#patience = setTimeout(() => {
      if (this.#waiting !== null) this.#fail('late');
    }, patienceMs);
    socket.on('data', (bytes: Buffer) => this.#take(bytes));
    socket.on('error', () => this.#finish('reset'));
    socket.on('end', () => this.#finish('closed'));
    socket.on('close', () => this.#finish('closed'));
  }

  static async open(door: GatewayDoor): Promise<KeptConnection> {
    return new KeptConnection(await openSocket(door));
  }

  /** False once it has ended, or an answer has announced the end. */
  get isOpen(): boolean {
    return this.#end === null;
  }

  /** Sends a request and resolves to its answer; interim answers are skipped. @throws NoAnswer */
  ask(request: Buffer | string, method = 'GET'): Promise<WireAnswer> {
    const waiting = Promise.withResolvers<WireAnswer>();
    this.#waiting = waiting;
    this.#method = method;
    this.#needed = 0;
    this.#patience.refresh();
    if (this.#end !== null) this.#fail(this.#end);
    else if (this.#length > 0) this.#fail('malformed');
    else this.socket.write(typeof request === 'string' ? Buffer.from(request, 'latin1') : request);
    return waiting.promise;
  }

  /** Ends it with a reset; over TLS without ceremony. */
  reset(): void {
    if (this.socket instanceof TLSSocket) this.close();
    else this.socket.resetAndDestroy();
  }

  close(): void {
    clearTimeout(this.#patience);
    this.#end ??= 'closed';
    this.socket.destroy();
  }

  #take(bytes: Buffer): void {
    this.#received.push(bytes);
    this.#length += bytes.length;
    if (this.#length >= this.#needed) this.#read();
  }

  #read(): void {
    if (this.#waiting === null) return;
    const [first = Buffer.alloc(0)] = this.#received;
    const all = this.#received.length > 1 ? Buffer.concat(this.#received) : first;
    const parsed = parseAnswer(all, { method: this.#method, isEnded: this.#end === 'closed' });
    if (parsed.kind === 'malformed') {
      this.#fail('malformed');
      return;
    }
    if (parsed.kind === 'incomplete') {
      this.#keep(all);
      const declared =
        parsed.head?.framing === 'length' ? valuesOf(parsed.head.fields, 'content-length')[0] : undefined;
      this.#needed = declared === undefined ? 0 : all.length - parsed.body.length + Number(declared);
      return;
    }
    const { answer } = parsed;
    this.#keep(all.subarray(answer.size));
    if (answer.status < 200 && answer.status !== 101) {
      this.#read();
      return;
    }
    const waiting = this.#waiting;
    this.#waiting = null;
    this.#answers += 1;
    if (announcesClose(answer) && answer.status !== 101) this.close();
    waiting.resolve(answer);
  }

  #keep(rest: Buffer): void {
    this.#received = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
  }

  #finish(end: 'closed' | 'reset'): void {
    clearTimeout(this.#patience);
    this.#end ??= end;
    if (end === 'closed') this.#read();
    this.#fail(end);
  }

  #fail(reason: NoAnswer['reason']): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (reason === 'late' || reason === 'malformed') this.close();
    const received = Buffer.concat(this.#received);
    waiting?.reject(new NoAnswer({ reason, received, isStale: received.length === 0 && this.#answers > 0 }));
  }
}

/** Opens a connection; over TLS, without checking the certificate, when the door has a server name. */
export async function openSocket({ port, serverName, localAddress }: GatewayDoor): Promise<Socket | TLSSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const plain = connect({ host: '127.0.0.1', port, localAddress, allowHalfOpen: true, noDelay: true });
  plain.once('error', reject);
  if (serverName === undefined) {
    plain.once('connect', resolve);
    await promise;
    plain.off('error', reject);
    return plain;
  }
  const socket = connectTls({ socket: plain, servername: serverName, rejectUnauthorized: false });
  socket.once('error', reject);
  socket.once('secureConnect', resolve);
  await promise;
  socket.off('error', reject);
  return socket;
}
