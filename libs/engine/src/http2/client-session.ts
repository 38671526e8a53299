import { constants, performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Socket as NetSocket } from 'node:net';
import { engineErrors } from '../engine.errors.ts';
import { ownError } from '../execute/own-answer.ts';
import { Admission, type ConnectionFacts, isNoise } from '../http1/admission.ts';
import type { ConnectionRegistry, OpenConnection } from '../http1/connection-registry.ts';
import { ForwardedFields } from '../http1/forwarded-fields.ts';
import type { HttpServices } from '../http1/services.ts';
import type { Perishable } from '../sockets/deadlines.ts';
import { ClientStream, type ClientStreamOptions } from './client-stream.ts';
import { isFault, RequestReader } from './read-request.ts';
import { type Refusal, refuseStream } from './refuse-stream.ts';
import { ResetBudget } from './reset-budget.ts';

/** What a connection of HTTP/2 works with. */
export interface ClientSessionOptions {
  readonly facts: ConnectionFacts;
  readonly services: HttpServices;
  readonly registry: ConnectionRegistry;
}

/** What a client may send of one body before it is taken; of all of them together, what is on its way. */
const streamWindowBytes = 128 * 1024;
const connectionWindowBytes = 1024 * 1024;
/** More fields than fit into a head that is answered. */
const mostFields = 1024;
/** What is kept of streams for the next ones, per connection. */
const mostSpares = 16;
/** The greatest number that a stream can have. */
const lastStreamId = 2 ** 31 - 1;

/** A client's connection on which HTTP/2 is spoken: many calls at a time, each on a stream of its own. */
export class ClientSession implements OpenConnection, Perishable {
  deadlineMs: number;
  readonly #session: ServerHttp2Session;
  readonly #admission: Admission;
  readonly #services: HttpServices;
  readonly #registry: ConnectionRegistry;
  readonly #streams = new Set<ClientStream>();
  readonly #resets: ResetBudget;
  readonly #reader: RequestReader;
  readonly #streamOptions: ClientStreamOptions;
  /** Streams that are over; others take their places. */
  readonly #spares: ClientStream[] = [];
  #isClosing = false;
  #isClosed = false;

  /** @param socket what has been read of the connection already is read from it again. */
  constructor(socket: NetSocket, { facts, services, registry }: ClientSessionOptions) {
    const { limits, deadlines } = services;
    this.#admission = new Admission(services, facts);
    this.#services = services;
    this.#registry = registry;
    this.#streamOptions = {
      services,
      forwarded: new ForwardedFields(facts),
      closed: (stream, code) => this.#onStreamClosed(stream, code),
    };
    this.#reader = new RequestReader(limits.headLimitBytes);
    this.#resets = new ResetBudget(deadlines.nowMs);
    this.#session = performServerHandshake(socket, {
      settings: {
        maxConcurrentStreams: limits.streamsPerConnection,
        initialWindowSize: streamWindowBytes,
        // Between this and twice as much a request is answered 431; beyond, its stream is reset.
        maxHeaderListSize: limits.headLimitBytes * 2,
        enableConnectProtocol: false,
      },
      maxHeaderListPairs: mostFields,
      strictSingleValueFields: false,
    });
    this.#session.setLocalWindowSize(connectionWindowBytes);
    this.#session.on('stream', (stream, _headers, _flags, raw: string[]) => this.#onStream(stream, raw));
    this.#session.on('error', () => undefined);
    this.#session.on('close', () => this.#closed());
    // A connection whose client has gone silent for good is of no use to HTTP/2.
    socket.once('end', () => socket.end());
    this.deadlineMs = deadlines.in(limits.idleTimeoutMs);
    deadlines.watch(this);
  }

  drain(): void {
    if (this.#isClosing || this.#session.destroyed) return;
    if (this.#streams.size === 0) {
      this.#close();
      return;
    }
    // First a warning, so that requests on their way are still served; the end once the client must have seen it.
    this.#session.goaway(constants.NGHTTP2_NO_ERROR, lastStreamId);
    this.#session.ping(() => this.#close());
  }

  cut(): void {
    for (const stream of [...this.#streams]) stream.abandon();
    this.#session.destroy();
    this.#closed();
  }

  onDeadline(): void {
    if (this.#streams.size > 0) this.#endStalledStreams();
    else if (this.#isClosing) this.cut();
    else this.#close();
  }

  #endStalledStreams(): void {
    const { nowMs } = this.#services.deadlines;
    for (const stream of [...this.#streams]) if (stream.deadlineMs <= nowMs) stream.onDeadline();
  }

  #onStream(stream: ServerHttp2Stream, raw: readonly string[]): void {
    if (stream.destroyed || stream.closed) {
      // The client has reset it in the same breath.
      this.#countReset(stream.rstCode);
      return;
    }
    const services = this.#services;
    const { metrics, directory } = services;
    const request = this.#reader.read(raw);
    if (isFault(request)) {
      metrics.noise(request.error === engineErrors.headTooLarge ? 'head-too-large' : 'bad-head');
      const isHead = raw[raw.indexOf(':method') + 1] === 'HEAD';
      this.#refuse(stream, { error: ownError(request.error, request.detail), isHead, isGrpc: false });
      return;
    }
    const call = this.#admission.admit(request, request.fields);
    if (isNoise(call)) {
      const isHead = request.method === 'HEAD';
      this.#refuse(stream, { error: ownError(call.error), isHead, isGrpc: request.isGrpc });
      return;
    }
    const opened = this.#spares.pop() ?? new ClientStream(this.#streamOptions);
    this.#streams.add(opened);
    // At every tick: the streams have deadlines of their own.
    this.deadlineMs = 0;
    const early = directory.isAccessStale(call.program) ? call.reject(engineErrors.accessStale) : undefined;
    opened.run({ stream, request, call, early });
  }

  #refuse(stream: ServerHttp2Stream, refusal: Refusal): void {
    stream.on('error', () => undefined);
    stream.once('close', () => this.#countReset(stream.rstCode));
    refuseStream(stream, this.#services, refusal);
  }

  #onStreamClosed(stream: ClientStream, code: number): void {
    this.#streams.delete(stream);
    if (this.#spares.length < mostSpares) this.#spares.push(stream);
    this.#countReset(code);
    if (this.#streams.size > 0) return;
    if (this.#isClosing) {
      this.deadlineMs = this.#services.deadlines.in(this.#services.limits.lingerMs);
      return;
    }
    this.deadlineMs = this.#services.deadlines.in(this.#services.limits.idleTimeoutMs);
    if (this.#registry.isDraining) this.#close();
  }

  #countReset(code: number): void {
    if (code === constants.NGHTTP2_NO_ERROR || this.#isClosed) return;
    if (this.#resets.take(performance.now())) return;
    this.#session.destroy(new Error('too many streams were reset'), constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }

  /** Takes no more streams; the connection closes when those under way are over. */
  #close(): void {
    if (this.#isClosing || this.#isClosed) return;
    this.#isClosing = true;
    this.#session.close();
    // With streams under way the listener decides how long they may take.
    if (this.#streams.size === 0) this.deadlineMs = this.#services.deadlines.in(this.#services.limits.lingerMs);
  }

  #closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#services.deadlines.forget(this);
    this.#registry.closed(this);
  }
}
