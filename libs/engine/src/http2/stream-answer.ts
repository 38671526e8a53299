import { STATUS_CODES } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { Answer, AnswerFraming } from '../exchange/answer.ts';
import { errorHead } from '../exchange/error-head.ts';
import type { UpstreamHead } from '../exchange/upstream-channel.ts';
import type { CallState } from '../execute/call-state.ts';
import type { HeaderList } from '../execute/header-list.ts';
import type { OwnError } from '../execute/own-answer.ts';
import type { BodyFraming } from '../http1/body-transfer.ts';
import { ResponseReader } from '../http1/response-reader.ts';
import type { HttpServices } from '../http1/services.ts';
import type { ResponseHead } from '../policy/call.ts';
import { grpcMessageOf, grpcStatusOf } from './grpc-status.ts';
import { sendTrailers } from './send-trailers.ts';
import { toHeaders } from './to-headers.ts';

const noFraming: AnswerFraming = { kind: 'none' };
const untilEnd: AnswerFraming = { kind: 'until-close' };

/** Never said in HTTP/2 (RFC 9113, 8.2.2), or said by the engine itself. */
const droppedNames = new Set([
  'te',
  'trailer',
  'http2-settings',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'proxy-connection',
  'upgrade',
]);

/** Writes the answers of streams, one after the other. */
export class StreamAnswer implements Answer {
  status = 0;
  ownBytes = 0;
  /** Connections of HTTP/2 do not end with an answer. */
  closes = false;
  readonly #services: HttpServices;
  #stream: ServerHttp2Stream | null = null;
  #isGrpc = false;
  /** Explains the error that is the answer. */
  #detail: string | null = null;
  #mayTrail = false;
  #trailers: HeaderList | null = null;

  constructor(services: HttpServices) {
    this.#services = services;
  }

  /** The next answer goes to this stream. */
  writeTo(stream: ServerHttp2Stream, isGrpc: boolean): void {
    this.#stream = stream;
    this.#isGrpc = isGrpc;
  }

  begin(): void {
    this.status = 0;
    this.ownBytes = 0;
    this.#detail = null;
    this.#mayTrail = false;
    this.#trailers = null;
  }

  framingFor(framing: BodyFraming | null, contentLength: number | null, status: number): AnswerFraming {
    this.#mayTrail = framing !== null && framing.kind !== 'length';
    if (contentLength !== null && status !== 204) return { kind: 'length', bytes: contentLength };
    return this.#mayTrail ? untilEnd : noFraming;
  }

  composeForwarded(call: CallState, head: UpstreamHead, bytes: Buffer, framing: AnswerFraming): number {
    if (head instanceof ResponseReader && call.addedHeaders === null) {
      const flat = [':status', String(head.status)];
      const { texts } = this.#services;
      const { fields } = head;
      for (let index = 0; index < fields.count; index++) {
        if (!head.isEndToEnd(bytes, index)) continue;
        const name = texts.at(bytes, fields.nameStart(index), fields.nameEnd(index)).toLowerCase();
        flat.push(name, texts.at(bytes, fields.valueStart(index), fields.valueEnd(index)));
      }
      return this.#send(call, flat, { status: head.status, hasDate: head.hasDate, framing });
    }
    const headers = head.toList(bytes);
    if (call.addedHeaders !== null) headers.replaceWith(call.addedHeaders);
    return this.#respond(call, { status: head.status, headers }, framing);
  }

  composeListed(call: CallState, { status, headers }: ResponseHead, framing: AnswerFraming): number {
    if (call.addedHeaders !== null) headers.replaceWith(call.addedHeaders);
    return this.#respond(call, { status, headers }, framing);
  }

  writeOwn(call: CallState, head: ResponseHead): boolean {
    if (this.#isGrpc && (head.status < 200 || head.status > 299)) return this.#writeGrpcError(call, head);
    const mayHaveBody = head.status !== 204 && head.status !== 304;
    const bytes = Buffer.from(mayHaveBody ? (head.body ?? '') : '');
    this.#mayTrail = false;
    if (this.composeListed(call, head, mayHaveBody ? { kind: 'length', bytes: bytes.length } : noFraming) < 0) {
      return false;
    }
    if (call.method !== 'HEAD' && bytes.length > 0) {
      this.ownBytes = bytes.length;
      this.#stream?.write(bytes);
    }
    return true;
  }

  writeInterim(_call: CallState, head: UpstreamHead, bytes: Buffer): void {
    const stream = this.#openStream();
    if (stream === null || stream.headersSent) return;
    stream.additionalHeaders({ ...toHeaders(head.toList(bytes)), ':status': head.status });
  }

  writeContinue(): void {
    this.#openStream()?.additionalHeaders({ ':status': 100 });
  }

  takesTrailers(): boolean {
    return true;
  }

  endWith(trailers: HeaderList): void {
    this.#trailers = trailers;
  }

  renderError(call: CallState, error: OwnError): ResponseHead {
    this.#detail = error.detail;
    return errorHead(call, error, this.#services.docsUrl);
  }

  /** An answer without content, whose status stands in its trailers; they are the only headers then. */
  #writeGrpcError(call: CallState, { status, headers, body }: ResponseHead): boolean {
    const message = this.#detail ?? (typeof body === 'string' && body !== '' ? body : (STATUS_CODES[status] ?? ''));
    if (call.addedHeaders !== null) headers.replaceWith(call.addedHeaders);
    headers.set('content-type', 'application/grpc');
    headers.set('grpc-status', grpcStatusOf(status));
    headers.set('grpc-message', grpcMessageOf(message));
    this.#mayTrail = false;
    if (this.#respond(call, { status: 200, headers }, noFraming) < 0) return false;
    // What counts is what has happened, not how gRPC says it.
    this.status = status;
    return true;
  }

  #respond(
    call: CallState,
    { status, headers }: Pick<ResponseHead, 'status' | 'headers'>,
    framing: AnswerFraming,
  ): number {
    const flat = [':status', String(status)];
    let hasDate = false;
    for (let index = 0; index < headers.size; index++) {
      const name = headers.nameAt(index).toLowerCase();
      if (droppedNames.has(name)) continue;
      if (name === 'date') hasDate = true;
      flat.push(name, headers.valueAt(index));
    }
    return this.#send(call, flat, { status, hasDate, framing });
  }

  /** @returns 0, because heads are sent apart, or −1 when the client is gone. */
  #send(
    call: CallState,
    flat: string[],
    { status, hasDate, framing }: { status: number; hasDate: boolean; framing: AnswerFraming },
  ): number {
    const stream = this.#openStream();
    if (stream === null) return -1;
    if (!hasDate) flat.push('date', this.#services.date.text);
    flat.push('x-request-id', call.requestId);
    if (framing.kind === 'length') flat.push('content-length', String(framing.bytes));
    const isEmpty = framing.kind === 'none' || (framing.kind === 'length' && framing.bytes === 0);
    const endStream = isEmpty || call.method === 'HEAD' || status === 204 || status === 205 || status === 304;
    const waitForTrailers = this.#mayTrail && !endStream;
    try {
      stream.respond(flat, { endStream, waitForTrailers });
    } catch (cause) {
      this.#services.metrics.failure(cause, call.requestId);
      return -1;
    }
    if (waitForTrailers) stream.once('wantTrailers', () => this.#sendTrailers());
    this.status = status;
    return 0;
  }

  #sendTrailers(): void {
    const stream = this.#openStream();
    if (stream !== null) sendTrailers(stream, this.#trailers);
  }

  /** The stream, while something can be said on it. */
  #openStream(): ServerHttp2Stream | null {
    const stream = this.#stream;
    return stream === null || stream.destroyed || stream.closed ? null : stream;
  }
}
