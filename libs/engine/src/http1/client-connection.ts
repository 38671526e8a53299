import type { Program } from '../compile/program.ts';
import { engineErrors } from '../engine.errors.ts';
import { CallState } from '../execute/call-state.ts';
import { clientAddressOf } from '../execute/forwarded-headers.ts';
import { type OwnError, ownError, renderError } from '../execute/own-answer.ts';
import { HeaderList } from '../execute/header-list.ts';
import type { AddressSet } from '../matching/address-set.ts';
import { normalisePath } from '../matching/normalise-path.ts';
import type { Perishable } from '../sockets/deadlines.ts';
import { readBytes } from '../sockets/scratch.ts';
import type { Socket, SocketOwner } from '../sockets/socket.ts';
import { writeListedHead } from './answer-head.ts';
import type { BodyTransfer } from './body-transfer.ts';
import { Exchange, type ExchangeClient } from './exchange.ts';
import { incomplete } from './field-lines.ts';
import { forwardedSection } from './forwarded-section.ts';
import type { HeaderBlock } from './header-block.ts';
import { type BodySource, RequestBody } from './request-body.ts';
import { readTarget, type RequestTarget } from './request-target.ts';
import type { HttpServices } from './services.ts';
import { joinSockets, writeThrough } from './tunnel.ts';

/** What is known about a connection from its listener. */
export interface ConnectionFacts {
  readonly scheme: 'http' | 'https';
  /** The TLS server name, or null. */
  readonly serverName: string | null;
}

/** What keeps count of the connections. */
export interface ConnectionRegistry {
  readonly isDraining: boolean;
  closed(connection: ClientConnection): void;
}

/**
 * `head`: waits for a request, or reads its head; `body`: the call is under way and its body is coming; `answer`: the call is under way
 * and its request is complete; `discard`: the answer is out, the rest of the body is dropped; `linger`: everything is said, what still
 * comes is dropped so that the client can read the answer; `tunnel`: another protocol is spoken.
 */
type Phase = 'head' | 'body' | 'answer' | 'discard' | 'linger' | 'tunnel' | 'closed';

/** Pipelined requests may wait up to this length before reading stops. */
const mostWaitingBytes = readBytes;
const nothing: Buffer = Buffer.alloc(0);

/** A client's connection: one call after the other, in the order in which they came. */
export class ClientConnection implements SocketOwner, Perishable, ExchangeClient, BodySource {
  deadlineMs = Infinity;
  readonly #socket: Socket;
  readonly #facts: ConnectionFacts;
  readonly #services: HttpServices;
  readonly #registry: ConnectionRegistry;
  #phase: Phase = 'head';
  #exchange: Exchange | null = null;
  #body: RequestBody | null = null;
  /** The request asks for the connection to be kept. */
  #wantsToKeep = true;
  /** What has arrived and was not used up; the socket's own buffer while it is being worked on, ours afterwards. */
  #bytes = nothing;
  #start = 0;
  #end = 0;
  #isWorking = false;
  #isHeld = false;
  #hasPeerEnded = false;
  #lingeredBytes = 0;
  #block: HeaderBlock | null = null;
  #section: { readonly block: HeaderBlock; readonly trusted: AddressSet; readonly bytes: Buffer } | null = null;

  constructor(
    socket: Socket,
    { facts, services, registry }: { facts: ConnectionFacts; services: HttpServices; registry: ConnectionRegistry },
  ) {
    this.#socket = socket;
    this.#facts = facts;
    this.#services = services;
    this.#registry = registry;
    socket.owner = this;
    services.deadlines.watch(this);
    this.deadlineMs = services.deadlines.in(services.limits.headTimeoutMs);
    socket.resume();
  }

  get mayKeep(): boolean {
    return this.#wantsToKeep && !this.#registry.isDraining && !this.#hasPeerEnded;
  }

  /** Closes the connection unless a call is under way; that one will be the last. */
  drain(): void {
    if (this.#phase === 'head' && this.#start === this.#end) this.#close();
  }

  /** Closes the connection whatever it does; a call under way counts as it stands. */
  cut(): void {
    const exchange = this.#exchange;
    this.#exchange = null;
    this.#close();
    exchange?.abandon();
  }

  onBytes(bytes: Buffer, length: number): void {
    if (this.#start < this.#end) {
      this.#bytes = Buffer.concat([this.#bytes.subarray(this.#start, this.#end), bytes.subarray(0, length)]);
      this.#start = 0;
      this.#end = this.#bytes.length;
    } else {
      this.#bytes = bytes;
      this.#start = 0;
      this.#end = length;
    }
    this.#work();
    if (this.#bytes === bytes) this.#keepUnused();
    this.#updateReading();
  }

  onWritten(): void {
    if (this.#phase === 'body' || this.#phase === 'answer') {
      this.deadlineMs = this.#phase === 'body' ? this.#in('bodyStallMs') : Infinity;
      this.#exchange?.onClientWritten();
    }
  }

  /** The client sends no more, but may still wait for the answer. */
  onEnd(): void {
    this.#hasPeerEnded = true;
    switch (this.#phase) {
      case 'answer':
        this.deadlineMs = this.#in('halfCloseMs');
        return;
      case 'linger':
        this.#close();
        return;
      default:
        this.cut();
    }
  }

  onClose(): void {
    this.cut();
  }

  onDeadline(): void {
    switch (this.#phase) {
      case 'head':
        if (this.#start === this.#end) {
          this.#close();
          return;
        }
        this.#services.metrics.noise('head-timeout');
        this.#refuse(ownError(engineErrors.requestTimeout));
        return;
      case 'body':
        this.deadlineMs = Infinity;
        this.#exchange?.onBodyStalled();
        return;
      default:
        this.cut();
    }
  }

  moveBody(transfer: BodyTransfer, target: Buffer, offset: number): number {
    if (this.#start === this.#end) return offset;
    const end = transfer.move(this.#bytes, this.#start, Math.min(this.#end, this.#start + readBytes), target, offset);
    if (end >= 0) this.#start = transfer.position;
    if (transfer.isComplete && this.#phase === 'body') this.#phase = 'answer';
    this.deadlineMs = this.#phase === 'answer' ? Infinity : this.#in('bodyStallMs');
    return end;
  }

  holdBody(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (this.#phase === 'body') this.deadlineMs = isHeld ? Infinity : this.#in('bodyStallMs');
    if (!isHeld && !this.#isWorking) this.#work();
    this.#updateReading();
  }

  write(length: number): boolean {
    const isTaken = this.#socket.writeScratch(length);
    if (!isTaken) this.deadlineMs = this.#in('bodyStallMs');
    return isTaken;
  }

  forwardedSection(call: CallState): Buffer {
    const { program, block, changedRequest, clientAddress } = call;
    const trusted = program.trustedPeers;
    const known = this.#section;
    const changed = changedRequest?.list ?? null;
    if (changed === null && known !== null && known.block === block && known.trusted === trusted) return known.bytes;
    const { peerAddress, localPort } = this.#socket;
    const peer = { address: peerAddress, isTrusted: trusted.has(peerAddress) };
    const bytes = forwardedSection(block, changed, {
      peer,
      clientAddress,
      scheme: this.#facts.scheme,
      port: localPort,
    });
    if (changed === null) this.#section = { block, trusted, bytes };
    return bytes;
  }

  exchangeEnded(end: 'keep' | 'close' | 'cut'): void {
    this.#exchange = null;
    if (this.#phase === 'closed') return;
    if (end === 'cut') {
      this.#close();
      return;
    }
    if (end === 'close' || this.#hasPeerEnded) {
      this.#closeAfterAnswer();
      return;
    }
    if (this.#body !== null && !this.#body.isComplete) {
      this.#phase = 'discard';
      this.#isHeld = false;
      this.deadlineMs = this.#in('bodyStallMs');
    } else {
      this.#awaitHead();
    }
    if (this.#isWorking) return;
    this.#work();
    this.#updateReading();
  }

  switchTo(upstream: Socket, firstBytes: Buffer): void {
    this.#exchange = null;
    this.#phase = 'tunnel';
    this.deadlineMs = Infinity;
    const { scratch } = this.#services;
    const waiting = this.#bytes.subarray(this.#start, this.#end);
    this.#start = this.#end;
    joinSockets(this.#socket, upstream, { scratch, ended: () => this.#close() });
    writeThrough(scratch, upstream, waiting, waiting.length);
    writeThrough(scratch, this.#socket, firstBytes, firstBytes.length);
  }

  /** Uses up what has arrived as far as it goes now. */
  #work(): void {
    this.#isWorking = true;
    let before = -1;
    while (this.#start < this.#end && this.#start !== before && !this.#isWaiting()) {
      before = this.#start;
      this.#step();
    }
    this.#isWorking = false;
  }

  #isWaiting(): boolean {
    return this.#phase === 'answer' || this.#phase === 'closed' || (this.#phase === 'body' && this.#isHeld);
  }

  #step(): void {
    switch (this.#phase) {
      case 'head':
        this.#readHead();
        return;
      case 'body':
        this.#exchange?.onBody();
        return;
      case 'discard':
        this.#discardBody();
        return;
      case 'linger':
        this.#lingeredBytes += this.#end - this.#start;
        this.#start = this.#end;
        if (this.#lingeredBytes > this.#services.limits.lingerLimitBytes) this.#close();
        return;
      default:
    }
  }

  #readHead(): void {
    const { headReader } = this.#services;
    const headEnd = headReader.read(this.#bytes, this.#start, this.#end, this.#block);
    if (headEnd === incomplete) {
      if (this.#block === null || this.deadlineMs > this.#in('headTimeoutMs'))
        this.deadlineMs = this.#in('headTimeoutMs');
      return;
    }
    const { line, block, fault } = headReader;
    const target = headEnd < 0 || block === null ? fault : readTarget(this.#bytes, line, block);
    if ('error' in target) {
      this.#services.metrics.noise(target.error === engineErrors.headTooLarge ? 'head-too-large' : 'bad-head');
      this.#refuse(ownError(target.error, target.detail));
      return;
    }
    this.#start = headEnd;
    if (block !== null) this.#admit(target, block, line.minorVersion);
  }

  /** Decides whether a request is a call at all: for a host that a group here serves. */
  #admit({ method, target }: RequestTarget, block: HeaderBlock, minorVersion: number): void {
    this.#block = block;
    const { directory, metrics, limits } = this.#services;
    this.#wantsToKeep = minorVersion === 1 ? !block.asksToClose : block.asksToKeep && !block.asksToClose;
    this.#body = this.#newBody(block, limits.bodyLimitBytes);
    const program = directory.findProgram(block.host);
    const mark = target.indexOf('?');
    const path = normalisePath(mark < 0 ? target : target.slice(0, mark));
    if (program === undefined || path === null) {
      metrics.noise(program === undefined ? 'unknown-host' : 'bad-head');
      this.#answerNoise(program === undefined ? engineErrors.hostUnknown : engineErrors.badRequest, minorVersion);
      return;
    }
    if (this.#isMisdirected(program)) {
      this.#refuse(ownError(engineErrors.misdirected));
      return;
    }
    const { bodyLimitBytes } = program.settings;
    if (bodyLimitBytes !== undefined) this.#body = this.#newBody(block, bodyLimitBytes);
    this.#startCall(
      this.#newCall({ program, block, method, path, target, query: mark < 0 ? '' : target.slice(mark + 1) }),
      minorVersion,
    );
  }

  #newCall(head: {
    program: Program;
    block: HeaderBlock;
    method: string;
    path: string;
    target: string;
    query: string;
  }): CallState {
    const { program, block, method, path, target, query } = head;
    const { peerAddress, localPort } = this.#socket;
    const trusted = program.trustedPeers;
    const peer = { address: peerAddress, isTrusted: trusted.has(peerAddress) };
    return new CallState({
      program,
      block,
      method,
      path,
      query,
      rawTarget: target,
      scheme: this.#facts.scheme,
      clientAddress: clientAddressOf(peer, block.header('x-forwarded-for'), trusted),
      localPort,
      newRequestId: this.#services.newRequestId,
    });
  }

  #newBody(block: HeaderBlock, limitBytes: number): RequestBody | null {
    if (block.isChunked) return new RequestBody({ kind: 'chunked' }, { source: this, limitBytes });
    if (block.contentLength === null) return null;
    return new RequestBody({ kind: 'length', bytes: block.contentLength }, { source: this, limitBytes });
  }

  #startCall(call: CallState, minorVersion: number): void {
    const { block, program } = call;
    const hasBody = this.#body !== null && !this.#body.isComplete;
    this.#phase = hasBody ? 'body' : 'answer';
    this.deadlineMs = hasBody ? this.#in('bodyStallMs') : Infinity;
    const exchange = new Exchange({
      services: this.#services,
      call,
      client: this,
      body: this.#body,
      minorVersion,
      upgrade: call.method === 'GET' && block.upgrade?.toLowerCase() === 'websocket' ? block.upgrade : null,
      awaitsContinue: block.expectsContinue && minorVersion === 1,
    });
    this.#exchange = exchange;
    const isStale = this.#services.directory.isAccessStale(program);
    exchange.start(isStale ? call.reject(engineErrors.accessStale) : undefined);
  }

  #isMisdirected(program: Program): boolean {
    const { serverName } = this.#facts;
    if (serverName === null) return false;
    return this.#services.directory.findProgram(serverName.toLowerCase())?.groupId !== program.groupId;
  }

  /** Answers a request that is no call, after which the connection may go on. */
  #answerNoise(error: OwnError['error'], minorVersion: number): void {
    const rest = this.#body === null || this.#body.isComplete ? 0 : this.#body.leftBytes;
    const isShort = rest !== null && rest <= this.#services.limits.drainLimitBytes;
    const keeps =
      error === engineErrors.hostUnknown && isShort && this.mayKeep && !(this.#block?.expectsContinue === true);
    this.#writeRefusal(ownError(error), keeps ? (minorVersion === 0 ? 'keep-alive' : null) : 'close');
    this.exchangeEnded(keeps ? 'keep' : 'close');
  }

  /** Answers what cannot be understood or served, and closes. */
  #refuse(error: OwnError): void {
    this.#writeRefusal(error, 'close');
    this.#closeAfterAnswer();
  }

  #writeRefusal(error: OwnError, connection: 'close' | 'keep-alive' | null): void {
    const services = this.#services;
    const requestId = services.newRequestId();
    const { contentType, body } = renderError(error, {
      format: 'problem',
      requestId,
      path: '/',
      docsUrl: services.docsUrl,
    });
    const bytes = Buffer.from(body);
    const headers = new HeaderList(['Content-Type', contentType]);
    const framing = { kind: 'length', bytes: bytes.length } as const;
    const tail = { requestId, dateLine: services.date.line, framing, connection };
    const head = writeListedHead(services.scratch.bytes, { status: error.status, headers, tail });
    bytes.copy(services.scratch.bytes, head);
    this.write(head + bytes.length);
  }

  #discardBody(): void {
    const body = this.#body;
    if (body === null) return;
    body.moveTo(this.#services.scratch.bytes, 0);
    if (body.fault !== null) this.#closeAfterAnswer();
    else if (body.isComplete) this.#awaitHead();
  }

  #awaitHead(): void {
    this.#phase = 'head';
    this.#body = null;
    this.#isHeld = false;
    this.deadlineMs = this.#in(this.#start < this.#end ? 'headTimeoutMs' : 'idleTimeoutMs');
    if (this.#registry.isDraining && this.#start === this.#end) this.#close();
  }

  /** Ends the connection so that the client can still read the answer: closing on unread bytes would reset it. */
  #closeAfterAnswer(): void {
    if (this.#phase === 'closed') return;
    const isRequestRead = this.#start === this.#end && (this.#body === null || this.#body.isComplete);
    if ((isRequestRead && this.#phase !== 'head') || this.#hasPeerEnded) {
      this.#phase = 'closed';
      this.#deregister();
      this.#socket.closeWhenWritten();
      return;
    }
    this.#phase = 'linger';
    this.#start = this.#end;
    this.deadlineMs = this.#in('lingerMs');
    this.#isHeld = false;
    this.#socket.end();
    this.#updateReading();
  }

  #close(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#deregister();
    this.#socket.destroy();
  }

  #deregister(): void {
    this.#services.deadlines.forget(this);
    this.#registry.closed(this);
  }

  /** The socket reads into the same buffer again: what is not used up yet becomes ours. */
  #keepUnused(): void {
    this.#bytes = this.#start < this.#end ? Buffer.from(this.#bytes.subarray(this.#start, this.#end)) : nothing;
    this.#start = 0;
    this.#end = this.#bytes.length;
  }

  #updateReading(): void {
    const waiting = this.#end - this.#start;
    const isFull =
      this.#phase === 'body' ? waiting > 0 || this.#isHeld : this.#phase === 'answer' && waiting > mostWaitingBytes;
    if (isFull) this.#socket.pause();
    else if (this.#phase !== 'tunnel') this.#socket.resume();
  }

  #in(limit: 'headTimeoutMs' | 'idleTimeoutMs' | 'bodyStallMs' | 'halfCloseMs' | 'lingerMs'): number {
    return this.#services.deadlines.in(this.#services.limits[limit]);
  }
}
