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

/** A request as bytes, and the method that says how its answer ends. */
export interface Question {
  readonly bytes: Buffer | string;
  readonly method?: string;
}

interface Waiting extends PromiseWithResolvers<WireAnswer> {
  readonly method: string;
}

/** A kept connection to a gateway: every answer is read strictly, and belongs to the oldest request that waits for one. */
export class KeptConnection {
  readonly socket: Socket;
  readonly #patience: NodeJS.Timeout;
  readonly #waiting: Waiting[] = [];
  #received: Buffer[] = [];
  #length = 0;
  #needed = 0;
  #answers = 0;
  #end: 'closed' | 'reset' | null = null;

  private constructor(socket: Socket) {
    this.socket = socket;
    this.#patience = setTimeout(() => {
      if (this.#waiting.length > 0) this.#fail('late');
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
  async ask(bytes: Buffer | string, method = 'GET'): Promise<WireAnswer> {
    const waiting = this.#expect(method);
    this.#send(toBytes(bytes));
    return waiting.promise;
  }

  /** Sends requests in one piece, without waiting for answers in between. Each gives its answer, or rejects with NoAnswer. */
  async askTogether(questions: readonly Question[]): Promise<PromiseSettledResult<WireAnswer>[]> {
    const answers = questions.map(({ method = 'GET' }) => this.#expect(method).promise);
    this.#send(Buffer.concat(questions.map(({ bytes }) => toBytes(bytes))));
    return Promise.allSettled(answers);
  }

  /** See {@link resetSocket}. */
  reset(): void {
    resetSocket(this.socket);
  }

  close(): void {
    clearTimeout(this.#patience);
    this.#end ??= 'closed';
    this.socket.destroy();
  }

  #expect(method: string): Waiting {
    const waiting = { ...Promise.withResolvers<WireAnswer>(), method };
    this.#waiting.push(waiting);
    return waiting;
  }

  #send(bytes: Buffer): void {
    this.#patience.refresh();
    if (this.#end !== null) this.#fail(this.#end);
    // Bytes that belong to no request must not become the answer to this one.
    else if (this.#length > 0) this.#fail('malformed');
    else this.socket.write(bytes);
  }

  #take(bytes: Buffer): void {
    this.#received.push(bytes);
    this.#length += bytes.length;
    if (this.#length >= this.#needed) this.#read();
  }

  /** Reads answers for as long as one is whole. */
  #read(): void {
    const [first = Buffer.alloc(0)] = this.#received;
    const all = this.#received.length > 1 ? Buffer.concat(this.#received) : first;
    let at = 0;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const rest = all.subarray(at);
      const parsed = parseAnswer(rest, { method: next.method, isEnded: this.#end === 'closed' });
      if (parsed.kind === 'malformed') {
        this.#keep(rest);
        this.#fail('malformed');
        return;
      }
      if (parsed.kind === 'incomplete') {
        this.#keep(rest);
        const { head, body } = parsed;
        const declared = head?.framing === 'length' ? valuesOf(head.fields, 'content-length')[0] : undefined;
        this.#needed = declared === undefined ? 0 : rest.length - body.length + Number(declared);
        return;
      }
      const { answer } = parsed;
      at += answer.size;
      if (answer.status < 200 && answer.status !== 101) continue;
      this.#waiting.shift();
      this.#answers += 1;
      this.#patience.refresh();
      next.resolve(answer);
      if (announcesClose(answer) && answer.status !== 101) this.close();
    }
    this.#keep(all.subarray(at));
  }

  #keep(rest: Buffer): void {
    this.#received = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
    this.#needed = 0;
  }

  #finish(end: 'closed' | 'reset'): void {
    clearTimeout(this.#patience);
    this.#end ??= end;
    if (end === 'closed') this.#read();
    this.#fail(end);
  }

  #fail(reason: NoAnswer['reason']): void {
    if (reason === 'late' || reason === 'malformed') this.close();
    const received = Buffer.concat(this.#received);
    const isStale = received.length === 0 && this.#answers > 0;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(new NoAnswer({ reason, received, isStale }));
  }
}

function toBytes(bytes: Buffer | string): Buffer {
  return typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
}

/** Ends a connection with a reset; over TLS without ceremony. */
export function resetSocket(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
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
