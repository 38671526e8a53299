import type { CallState } from '../execute/call-state.ts';
import type { OwnError } from '../execute/own-answer.ts';
import type { Answer, AnswerFraming } from '../exchange/answer.ts';
import { errorHead } from '../exchange/error-head.ts';
import type { UpstreamHead } from '../exchange/upstream-channel.ts';
import type { ResponseHead } from '../policy/call.ts';
import { readBytes } from '../sockets/scratch.ts';
import { writeForwardedFields, writeHeadEnd, writeListedFields, writeOwnFields } from './answer-head.ts';
import type { BodyFraming } from './body-transfer.ts';
import type { RequestBody } from './request-body.ts';
import { asksForTrailers } from './trailers.ts';
import { ResponseReader } from './response-reader.ts';
import type { HttpServices } from './services.ts';
import { writeAscii } from './write.ts';

/** The client's side of the call under way, as far as answering depends on it. */
export interface AnsweredClient {
  /** The client may send another request after this one. */
  readonly mayKeep: boolean;
  /** The minor version of HTTP/1 that the client speaks. */
  readonly minorVersion: number;
  readonly awaitsContinue: boolean;
  readonly body: RequestBody | null;
  /** Writes what stands in the scratch buffer; false when the client is slower. */
  write(length: number): boolean;
}

const noFraming: AnswerFraming = { kind: 'none' };
const chunked: AnswerFraming = { kind: 'chunked' };
const untilClose: AnswerFraming = { kind: 'until-close' };

/** Writes the head of a call's one answer, and the whole of an answer that the gateway makes itself. One serves a connection, call by call. */
export class AnswerWriter implements Answer {
  status = 0;
  ownBytes = 0;
  closes = false;
  readonly #services: HttpServices;
  readonly #client: AnsweredClient;

  constructor(services: HttpServices, client: AnsweredClient) {
    this.#services = services;
    this.#client = client;
  }

  begin(): void {
    this.status = 0;
    this.ownBytes = 0;
    this.closes = false;
  }

  framingFor(framing: BodyFraming | null, contentLength: number | null, status: number): AnswerFraming {
    if (framing === null) {
      // HEAD and 304 tell the length of what they do not send; 204 has none (RFC 9110, 8.6).
      const hasLength = contentLength !== null && status !== 204;
      return hasLength ? { kind: 'length', bytes: contentLength } : noFraming;
    }
    if (framing.kind === 'length') return framing;
    if (contentLength !== null) return { kind: 'length', bytes: contentLength };
    return this.#client.minorVersion === 0 ? untilClose : chunked;
  }

  composeForwarded(call: CallState, reader: UpstreamHead, bytes: Buffer, framing: AnswerFraming): number {
    if (!(reader instanceof ResponseReader)) return this.composeListed(call, toListed(reader, bytes), framing);
    const target = this.#services.scratch.bytes;
    this.status = reader.status;
    const at = writeForwardedFields(target, reader, bytes, call.addedHeaders);
    return this.#writeEnd(at, call, framing, reader.hasDate);
  }

  composeListed(call: CallState, { status, headers }: ResponseHead, framing: AnswerFraming): number {
    const { scratch, metrics } = this.#services;
    if (call.addedHeaders !== null) headers.replaceWith(call.addedHeaders);
    for (const name of ['content-length', 'transfer-encoding', 'connection']) headers.remove(name);
    const at = writeListedFields(scratch.bytes, { status, headers });
    if (at < 0) {
      metrics.failure(new Error('the head of the answer became too long'), call.requestId);
      return -1;
    }
    this.status = status;
    return this.#writeEnd(at, call, framing, headers.has('date'));
  }

  writeOwn(call: CallState, head: ResponseHead): boolean {
    const mayHaveBody = head.status !== 204 && head.status !== 304;
    const bytes = Buffer.from(mayHaveBody ? (head.body ?? '') : '');
    const framing: AnswerFraming = mayHaveBody ? { kind: 'length', bytes: bytes.length } : noFraming;
    const length = this.composeListed(call, head, framing);
    if (length < 0) return false;
    this.#client.write(length);
    if (call.method !== 'HEAD') this.#writeBody(bytes);
    return true;
  }

  writeInterim(call: CallState, head: UpstreamHead, bytes: Buffer): void {
    const target = this.#services.scratch.bytes;
    const at =
      head instanceof ResponseReader
        ? writeForwardedFields(target, head, bytes, null)
        : writeListedFields(target, toListed(head, bytes));
    if (at < 0) return;
    this.#client.write(writeHeadEnd(target, writeOwnFields(target, at, '', call), noFraming, null));
  }

  writeContinue(): void {
    this.#client.write(writeAscii(this.#services.scratch.bytes, 0, 'HTTP/1.1 100 Continue\r\n\r\n'));
  }

  /** Writes the head with which the upstream has agreed to another protocol. */
  writeSwitch(call: CallState, reader: UpstreamHead, bytes: Buffer, asked: string): void {
    this.status = 101;
    const headers = reader.toList(bytes);
    headers.set('X-Request-Id', call.requestId);
    headers.set('Connection', 'Upgrade');
    headers.set('Upgrade', reader.upgrade ?? asked);
    const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const text = `HTTP/1.1 101 Switching Protocols\r\n${lines}\r\n`;
    this.#client.write(writeAscii(this.#services.scratch.bytes, 0, text));
  }

  /** Trailers are for those who say that they take them (RFC 9110, 6.5.1). */
  takesTrailers(call: CallState): boolean {
    return this.#client.minorVersion > 0 && asksForTrailers(call.header('te'));
  }

  endWith(): void {
    // They stand behind the last chunk already.
  }

  renderError(call: CallState, error: OwnError): ResponseHead {
    return errorHead(call, error, this.#services.docsUrl);
  }

  #writeBody(bytes: Buffer): void {
    this.ownBytes = bytes.length;
    for (let at = 0; at < bytes.length; at += readBytes) {
      const end = Math.min(bytes.length, at + readBytes);
      this.#client.write(bytes.copy(this.#services.scratch.bytes, 0, at, end));
    }
  }

  #writeEnd(offset: number, call: CallState, framing: AnswerFraming, hasDate: boolean): number {
    const { mayKeep, minorVersion } = this.#client;
    const { scratch, date } = this.#services;
    this.closes = this.closes || !mayKeep || framing.kind === 'until-close' || !this.#bodyWillEnd();
    const at = writeOwnFields(scratch.bytes, offset, hasDate ? '' : date.line, call);
    return writeHeadEnd(scratch.bytes, at, framing, this.closes ? 'close' : minorVersion === 0 ? 'keep-alive' : null);
  }

  /** Whether what is left of the request's body will be read, so that the next request can be found behind it. */
  #bodyWillEnd(): boolean {
    const { body, awaitsContinue } = this.#client;
    if (body === null || body.isComplete) return true;
    if (body.fault !== null || (awaitsContinue && !body.hasBegun)) return false;
    return body.leftBytes !== null && body.leftBytes <= this.#services.limits.drainLimitBytes;
  }
}

function toListed(head: UpstreamHead, bytes: Buffer): ResponseHead {
  return { status: head.status, headers: head.toList(bytes), body: null, isForwarded: true };
}
