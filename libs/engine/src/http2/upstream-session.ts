import { type ClientHttp2Session, type ClientHttp2Stream, connect, type Settings } from 'node:http2';
import type { Socket as NetSocket } from 'node:net';
import type { Deadlines, Perishable } from '../sockets/deadlines.ts';

/** What a connection of HTTP/2 to a node works with. */
export interface UpstreamSessionOptions {
  readonly scheme: 'http' | 'https';
  readonly deadlines: Deadlines;
  readonly idleTimeoutMs: number;
  /** The node must have introduced itself within this time. */
  readonly settingsTimeoutMs: number;
  /** The node has introduced itself: calls can be sent. */
  readonly ready: () => void;
  /** No further calls can be sent; those under way go on. Called once. */
  readonly ended: () => void;
}

/** A node is given this window for one answer, and for all of them together. */
const streamWindowBytes = 256 * 1024;
const connectionWindowBytes = 4 * 1024 * 1024;
/** Calls on one connection when the node would take more. */
const mostStreams = 128;
/** Calls on one connection before another takes its place: the numbers of streams are finite. */
const mostCalls = 1_000_000;
/** Fields of one answer. */
const mostFields = 1024;
/** The kernel asks whether a silent peer is still there. */
const keepAliveMs = 30_000;
/** Middle boxes are asked too; servers of gRPC take more frequent pings for an attack. */
const pingEveryMs = 300_000;
const pingTimeoutMs = 20_000;

/** A connection to a node that carries many calls at a time. */
export class UpstreamSession implements Perishable {
  deadlineMs: number;
  readonly scheme: 'http' | 'https';
  /** It has brought an answer before. */
  hasServed = false;
  readonly #session: ClientHttp2Session;
  readonly #options: UpstreamSessionOptions;
  readonly #ping: NodeJS.Timeout;
  #isReady = false;
  #isEnded = false;
  #streams = 0;
  #calls = 0;
  /** Calls that the node takes at a time. */
  #limit = 0;

  constructor(socket: NetSocket, options: UpstreamSessionOptions) {
    this.#options = options;
    this.scheme = options.scheme;
    const { deadlines } = options;
    socket.setKeepAlive(true, keepAliveMs);
    const sessionOptions = {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: streamWindowBytes },
      maxHeaderListPairs: mostFields,
      strictSingleValueFields: false,
    };
    this.#session = connect('http://upstream', sessionOptions);
    this.#session.on('remoteSettings', ({ maxConcurrentStreams = mostStreams }: Settings) => {
      this.#limit = Math.min(mostStreams, maxConcurrentStreams);
      if (!this.#isReady) this.#onReady();
    });
    this.#session.on('goaway', () => this.#end());
    this.#session.on('error', () => undefined);
    this.#session.on('close', () => this.#onClose());
    socket.once('end', () => socket.end());
    this.#ping = setInterval(() => this.#askWhetherAlive(), pingEveryMs).unref();
    this.deadlineMs = deadlines.in(options.settingsTimeoutMs);
    deadlines.watch(this);
  }

  /** The connection is lost: streams that end now have ended because of that. */
  get isGone(): boolean {
    return this.#session.destroyed;
  }

  /** Another call can be sent. */
  get hasRoom(): boolean {
    return this.#isReady && !this.#isEnded && this.#streams < this.#limit && !this.#session.destroyed;
  }

  /** Takes the place of a call; {@link streamClosed} gives it back. */
  take(): void {
    this.#streams++;
    this.#calls++;
    this.deadlineMs = Infinity;
    if (this.#calls >= mostCalls) this.#end();
  }

  /** Starts a stream; null when the connection is gone. Throws for fields that HTTP/2 does not have. */
  request(
    headers: readonly string[],
    options: { readonly endStream: boolean; readonly waitForTrailers: boolean },
  ): ClientHttp2Stream | null {
    return this.#session.destroyed || this.#session.closed ? null : this.#session.request(headers, options);
  }

  streamClosed(): void {
    this.#streams--;
    if (this.#streams > 0) return;
    if (this.#isEnded) this.#session.close();
    else this.deadlineMs = this.#options.deadlines.in(this.#options.idleTimeoutMs);
  }

  /** Sends no more calls; closes when those under way are over. */
  retire(): void {
    this.#end();
    if (this.#streams === 0) this.#session.close();
  }

  /** Closes at once. */
  destroy(): void {
    this.#session.destroy();
  }

  onDeadline(): void {
    this.deadlineMs = Infinity;
    if (this.#isReady) this.retire();
    else this.destroy();
  }

  #onReady(): void {
    this.#isReady = true;
    this.#session.setLocalWindowSize(connectionWindowBytes);
    this.deadlineMs = this.#options.deadlines.in(this.#options.idleTimeoutMs);
    this.#options.ready();
  }

  #askWhetherAlive(): void {
    if (this.#session.destroyed) return;
    const timer = setTimeout(() => this.destroy(), pingTimeoutMs);
    this.#session.ping(() => clearTimeout(timer));
  }

  #end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#options.ended();
  }

  #onClose(): void {
    clearInterval(this.#ping);
    this.#options.deadlines.forget(this);
    this.#end();
  }
}
