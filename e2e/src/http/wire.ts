import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type AnswerHead, type ParsedAnswer, parseAnswer, type WireAnswer } from './answer-parser.ts';

/** Where a server is and how it is spoken to. */
export interface Endpoint {
  readonly port: number;
  /** Name asked for by TLS; plain when absent. */
  readonly serverName?: string;
  /** Address to come from; any of 127.0.0.0/8. */
  readonly localAddress?: string;
}

/** How a connection ended, seen from here. */
export type End = 'closed' | 'reset';

/** A single wait may take no longer than this unless it says so. */
const patienceMs = 5_000;

/** One client connection of which every byte is under control. */
export class Wire {
  readonly #socket: Socket;
  readonly #transport: Socket;
  readonly #ended = Promise.withResolvers<End>();
  #received: Buffer[] = [];
  #end: End | null = null;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket, transport: Socket) {
    this.#socket = socket;
    this.#transport = transport;
    socket.on('data', (bytes: Buffer) => {
      this.#received.push(bytes);
      this.#wake();
    });
    socket.on('error', () => this.#finish('reset'));
    transport.on('error', () => this.#finish('reset'));
    socket.once('end', () => this.#finish('closed'));
    socket.once('close', () => this.#finish('closed'));
  }

  /** Opens a connection; over TLS when the endpoint has a server name. */
  static async open({ port, serverName, localAddress }: Endpoint): Promise<Wire> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const transport = connect({ host: '127.0.0.1', port, localAddress, allowHalfOpen: true, noDelay: true });
    transport.once('error', reject);
    if (serverName === undefined) {
      transport.once('connect', resolve);
      await promise;
      return new Wire(transport, transport);
    }
    const socket = connectTls({ socket: transport, servername: serverName, rejectUnauthorized: false });
    socket.allowHalfOpen = true;
    socket.once('error', reject);
    socket.once('secureConnect', resolve);
    await promise;
    return new Wire(socket, transport);
  }

  /** How it ended, or null. */
  get end(): End | null {
    return this.#end;
  }

  /** Everything that has come and was not taken yet. */
  get bytes(): Buffer {
    const [first = Buffer.alloc(0), ...more] = this.#received;
    if (more.length === 0) return first;
    const all = Buffer.concat(this.#received);
    this.#received = [all];
    return all;
  }

  /** Sends; resolves once the kernel has taken the bytes, or the connection is gone. */
  async send(bytes: string | Buffer): Promise<void> {
    if (this.#end !== null && this.#socket.destroyed) return;
    await new Promise<void>((resolve) => {
      this.#socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, () => resolve());
    });
  }

  /** Sends the pieces one after the other, a millisecond apart, so that each is read by itself. */
  async sendPieces(pieces: readonly (string | Buffer)[]): Promise<void> {
    for (const piece of pieces) {
      await this.send(piece);
      await new Promise<void>((resolve) => setTimeout(resolve, 1));
    }
  }

  /** Ends this direction; answers can still come. */
  finishSending(): void {
    this.#socket.end();
  }

  /** Ends both directions at once with a reset. */
  reset(): void {
    this.#transport.resetAndDestroy();
  }

  /** Ends it without ceremony. */
  destroy(): void {
    this.#socket.destroy();
    this.#transport.destroy();
  }

  /** Stops and starts to take what comes, like a slow reader. */
  pauseReading(isPaused: boolean): void {
    if (isPaused) this.#socket.pause();
    else this.#socket.resume();
  }

  /** The next final answer, taken off the stream. Rejects when it is malformed, cut off or does not come. */
  async answer(method = 'GET', withinMs = patienceMs): Promise<WireAnswer> {
    for (;;) {
      const answer = await this.anyAnswer(method, withinMs);
      if (answer.status >= 200 || answer.status === 101) return answer;
    }
  }

  /** The next answer, an interim one included. */
  async anyAnswer(method = 'GET', withinMs = patienceMs): Promise<WireAnswer> {
    const parsed = await this.#until(`an answer`, withinMs, () => {
      const found = this.#parse(method);
      return found.kind === 'incomplete' && this.#end === null ? undefined : found;
    });
    if (parsed.kind === 'malformed') throw new Error(`malformed answer: ${parsed.reason}: ${this.#shown()}`);
    if (parsed.kind === 'incomplete') throw new Error(`the answer was cut off (${this.#end}): ${this.#shown()}`);
    const rest = this.bytes.subarray(parsed.answer.size);
    this.#received = rest.length === 0 ? [] : [rest];
    return parsed.answer;
  }

  /** The head of the next answer as soon as it is there, and what has come of its body; nothing is taken. */
  async head(method = 'GET'): Promise<AnswerHead & { readonly body: Buffer }> {
    return this.#until('the head of an answer', patienceMs, () => {
      const found = this.#parse(method);
      if (found.kind === 'answer') return found.answer;
      if (found.kind === 'malformed') throw new Error(`malformed answer: ${found.reason}: ${this.#shown()}`);
      return found.head === null ? undefined : { ...found.head, body: found.body };
    });
  }

  /** Waits until what has come contains the text. */
  async receives(text: string): Promise<void> {
    const wanted = Buffer.from(text, 'latin1');
    await this.#until(JSON.stringify(text), patienceMs, () => (this.bytes.includes(wanted) ? true : undefined));
  }

  /** Takes the next `count` bytes as they are. */
  async take(count: number): Promise<Buffer> {
    const taken = await this.#until(`${count} bytes`, patienceMs, () =>
      this.bytes.length >= count ? this.bytes.subarray(0, count) : undefined,
    );
    this.#received = [this.bytes.subarray(count)];
    return taken;
  }

  /** Waits for the end. */
  async ends(withinMs = patienceMs): Promise<End> {
    await this.#until('the end of the connection', withinMs, () => this.#end ?? undefined);
    return this.#ended.promise;
  }

  /** Waits until nothing has come for so long, or the end. */
  async isQuiet(forMs: number): Promise<void> {
    for (;;) {
      const before = this.bytes.length;
      if (this.#end !== null) return;
      await new Promise<void>((resolve) => setTimeout(resolve, forMs));
      if (this.bytes.length === before) return;
    }
  }

  #parse(method: string): ParsedAnswer {
    return parseAnswer(this.bytes, { method, isEnded: this.#end === 'closed' });
  }

  #finish(end: End): void {
    if (this.#end === 'reset') return;
    this.#end = end;
    this.#ended.resolve(end);
    this.#wake();
  }

  #shown(): string {
    return JSON.stringify(this.bytes.toString('latin1', 0, 300));
  }

  async #until<T>(what: string, withinMs: number, look: () => T | undefined): Promise<T> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (this.#end !== null) throw new Error(`${what}: the connection ended (${this.#end}) after ${this.#shown()}`);
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`${what}: not within ${withinMs} ms; got ${this.#shown()}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}
