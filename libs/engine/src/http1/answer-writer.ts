import type { CallState } from '../execute/call-state.ts';
import { HeaderList } from '../execute/header-list.ts';
import { type OwnError, renderError } from '../execute/own-answer.ts';
import type { ResponseHead } from '../policy/call.ts';
import { readBytes } from '../sockets/scratch.ts';
import { type AnswerFraming, type AnswerTail, writeForwardedHead, writeListedHead } from './answer-head.ts';
import type { BodyFraming } from './body-transfer.ts';
import type { RequestBody } from './request-body.ts';
import type { ResponseReader } from './response-reader.ts';
import type { HttpServices } from './services.ts';
import { writeAscii } from './write.ts';

/** What answering a call depends on. */
export interface AnswerSetting {
  readonly services: HttpServices;
  readonly call: CallState;
  readonly body: RequestBody | null;
  readonly client: { readonly mayKeep: boolean; write(length: number): boolean };
  /** The minor version of HTTP/1 that the client speaks. */
  readonly minorVersion: number;
  readonly awaitsContinue: boolean;
}

/** Writes the head of a call's one answer, and the whole of an answer that the gateway makes itself. */
export class AnswerWriter {
  /** Of the answer; 0 while its head has not been written. */
  status = 0;
  /** Content that the gateway has sent of its own. */
  ownBytes = 0;
  /** The connection ends with this answer. */
  closes = false;
  readonly #setting: AnswerSetting;

  constructor(setting: AnswerSetting) {
    this.#setting = setting;
  }

  /** How the client will know where an upstream's answer ends. */
  framingFor(framing: BodyFraming | null, contentLength: number | null, status: number): AnswerFraming {
    if (framing === null) {
      // HEAD and 304 tell the length of what they do not send; 204 has none (RFC 9110, 8.6).
      const hasLength = contentLength !== null && status !== 204;
      return hasLength ? { kind: 'length', bytes: contentLength } : { kind: 'none' };
    }
    if (framing.kind === 'length') return framing;
    return { kind: this.#setting.minorVersion === 0 ? 'until-close' : 'chunked' };
  }

  /** Puts the head of an upstream's answer into the scratch buffer as it came. @returns its length. */
  composeForwarded(reader: ResponseReader, bytes: Buffer, framing: AnswerFraming): number {
    const { services, call } = this.#setting;
    const tail = this.#tail(framing, reader.hasDate);
    this.status = reader.status;
    return writeForwardedHead(services.scratch.bytes, { reader, bytes, added: call.addedHeaders, tail });
  }

  /** Puts a head that policies have looked at into the scratch buffer. @returns its length, or −1 when it is too long to send. */
  composeListed({ status, headers }: ResponseHead, framing: AnswerFraming): number {
    const { services, call } = this.#setting;
    if (call.addedHeaders !== null) headers.replaceWith(call.addedHeaders);
    for (const name of ['content-length', 'transfer-encoding', 'connection']) headers.remove(name);
    const tail = this.#tail(framing, headers.has('date'));
    const length = writeListedHead(services.scratch.bytes, { status, headers, tail });
    if (length < 0) {
      services.metrics.failure(new Error('the head of the answer became too long'), call.requestId);
      return -1;
    }
    this.status = status;
    return length;
  }

  /** Writes an answer of the gateway's own; false when it cannot be sent. */
  writeOwn(head: ResponseHead): boolean {
    const { client, call } = this.#setting;
    const mayHaveBody = head.status !== 204 && head.status !== 304;
    const bytes = Buffer.from(mayHaveBody ? (head.body ?? '') : '');
    const length = this.composeListed(head, mayHaveBody ? { kind: 'length', bytes: bytes.length } : { kind: 'none' });
    if (length < 0) return false;
    client.write(length);
    if (call.method !== 'HEAD') this.#writeBody(bytes);
    return true;
  }

  /** Writes an interim answer (1xx) of an upstream. */
  writeInterim(reader: ResponseReader, bytes: Buffer): void {
    const { services, call, client } = this.#setting;
    const tail: AnswerTail = { requestId: call.requestId, dateLine: '', framing: { kind: 'none' }, connection: null };
    client.write(writeForwardedHead(services.scratch.bytes, { reader, bytes, added: null, tail }));
  }

  writeContinue(): void {
    const { services, client } = this.#setting;
    client.write(writeAscii(services.scratch.bytes, 0, 'HTTP/1.1 100 Continue\r\n\r\n'));
  }

  /** Writes the head with which the upstream has agreed to another protocol. */
  writeSwitch(reader: ResponseReader, bytes: Buffer, asked: string): void {
    const { services, call, client } = this.#setting;
    this.status = 101;
    const headers = reader.toList(bytes);
    headers.set('X-Request-Id', call.requestId);
    headers.set('Connection', 'Upgrade');
    headers.set('Upgrade', reader.upgrade ?? asked);
    const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join('');
    client.write(writeAscii(services.scratch.bytes, 0, `HTTP/1.1 101 Switching Protocols\r\n${lines}\r\n`));
  }

  /** The head of an error in the group's format. */
  renderError(error: OwnError): ResponseHead {
    const { call, services } = this.#setting;
    const { requestId, path, program } = call;
    const format = program.settings.errorFormat;
    const { contentType, body } = renderError(error, { format, requestId, path, docsUrl: services.docsUrl });
    return { status: error.status, headers: new HeaderList(['Content-Type', contentType]), body, isForwarded: false };
  }

  #writeBody(bytes: Buffer): void {
    const { client, services } = this.#setting;
    this.ownBytes = bytes.length;
    for (let at = 0; at < bytes.length; at += readBytes) {
      client.write(bytes.copy(services.scratch.bytes, 0, at, Math.min(bytes.length, at + readBytes)));
    }
  }

  #tail(framing: AnswerFraming, hasDate: boolean): AnswerTail {
    const { services, call, client, minorVersion } = this.#setting;
    this.closes = this.closes || !client.mayKeep || framing.kind === 'until-close' || !this.#bodyWillEnd();
    return {
      requestId: call.requestId,
      dateLine: hasDate ? '' : services.date.line,
      framing,
      connection: this.closes ? 'close' : minorVersion === 0 ? 'keep-alive' : null,
    };
  }

  /** Whether what is left of the request's body will be read, so that the next request can be found behind it. */
  #bodyWillEnd(): boolean {
    const { body, services, awaitsContinue } = this.#setting;
    if (body === null || body.isComplete) return true;
    if (body.fault !== null || (awaitsContinue && !body.hasBegun)) return false;
    return body.leftBytes !== null && body.leftBytes <= services.limits.drainLimitBytes;
  }
}
