import type { CallState } from '../execute/call-state.ts';
import { HeaderList } from '../execute/header-list.ts';
import { type OwnError, renderError } from '../execute/own-answer.ts';
import type { ResponseHead } from '../policy/call.ts';
import { readBytes } from '../sockets/scratch.ts';
import { type AnswerFraming, writeForwardedFields, writeHeadEnd, writeListedFields } from './answer-head.ts';
import type { BodyFraming } from './body-transfer.ts';
import type { RequestBody } from './request-body.ts';
import type { ResponseReader } from './response-reader.ts';
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
export class AnswerWriter {
  /** Of the answer; 0 while its head has not been written. */
  status = 0;
  /** Content that the gateway has sent of its own. */
  ownBytes = 0;
  /** The connection ends with this answer. */
  closes = false;
  readonly #services: HttpServices;
  readonly #client: AnsweredClient;

  constructor(services: HttpServices, client: AnsweredClient) {
    this.#services = services;
    this.#client = client;
  }

  /** Another call is to be answered. */
  begin(): void {
    this.status = 0;
    this.ownBytes = 0;
    this.closes = false;
  }

  /** How the client will know where an upstream's answer ends. */
  framingFor(framing: BodyFraming | null, contentLength: number | null, status: number): AnswerFraming {
    if (framing === null) {
      // HEAD and 304 tell the length of what they do not send; 204 has none (RFC 9110, 8.6).
      const hasLength = contentLength !== null && status !== 204;
      return hasLength ? { kind: 'length', bytes: contentLength } : noFraming;
    }
    if (framing.kind === 'length') return framing;
    return this.#client.minorVersion === 0 ? untilClose : chunked;
  }

  /** Puts the head of an upstream's answer into the scratch buffer as it came. @returns its length. */
  composeForwarded(call: CallState, reader: ResponseReader, bytes: Buffer, framing: AnswerFraming): number {
    const target = this.#services.scratch.bytes;
    this.status = reader.status;
    const at = writeForwardedFields(target, { reader, bytes, added: call.addedHeaders });
    return this.#writeEnd(at, call, framing, reader.hasDate);
  }

  /** Puts a head that policies have looked at into the scratch buffer. @returns its length, or −1 when it is too long to send. */
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

  /** Writes an answer of the gateway's own; false when it cannot be sent. */
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

  /** Writes an interim answer (1xx) of an upstream. */
  writeInterim(call: CallState, reader: ResponseReader, bytes: Buffer): void {
    const target = this.#services.scratch.bytes;
    const at = writeForwardedFields(target, { reader, bytes, added: null });
    this.#client.write(writeHeadEnd(target, at, { id: call, dateLine: '', framing: noFraming, connection: null }));
  }

  writeContinue(): void {
    this.#client.write(writeAscii(this.#services.scratch.bytes, 0, 'HTTP/1.1 100 Continue\r\n\r\n'));
  }

  /** Writes the head with which the upstream has agreed to another protocol. */
  writeSwitch(call: CallState, reader: ResponseReader, bytes: Buffer, asked: string): void {
    this.status = 101;
    const headers = reader.toList(bytes);
    headers.set('X-Request-Id', call.requestId);
    headers.set('Connection', 'Upgrade');
    headers.set('Upgrade', reader.upgrade ?? asked);
    const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const text = `HTTP/1.1 101 Switching Protocols\r\n${lines}\r\n`;
    this.#client.write(writeAscii(this.#services.scratch.bytes, 0, text));
  }

  /** The head of an error in the group's format. */
  renderError({ requestId, path, program }: CallState, error: OwnError): ResponseHead {
    const format = program.settings.errorFormat;
    const { docsUrl } = this.#services;
    const { contentType, body } = renderError(error, { format, requestId, path, docsUrl });
    return { status: error.status, headers: new HeaderList(['Content-Type', contentType]), body, isForwarded: false };
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
    return writeHeadEnd(scratch.bytes, offset, {
      id: call,
      dateLine: hasDate ? '' : date.line,
      framing,
      connection: this.closes ? 'close' : minorVersion === 0 ? 'keep-alive' : null,
    });
  }

  /** Whether what is left of the request's body will be read, so that the next request can be found behind it. */
  #bodyWillEnd(): boolean {
    const { body, awaitsContinue } = this.#client;
    if (body === null || body.isComplete) return true;
    if (body.fault !== null || (awaitsContinue && !body.hasBegun)) return false;
    return body.leftBytes !== null && body.leftBytes <= this.#services.limits.drainLimitBytes;
  }
}
