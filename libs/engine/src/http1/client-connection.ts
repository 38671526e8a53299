import { engineErrors } from '../engine.errors.ts';
import { Exchange } from '../exchange/exchange.ts';
import type { ExchangeClient, Upgrade } from '../exchange/exchange-client.ts';
import type { CallState } from '../execute/call-state.ts';
import { type OwnError, ownError } from '../execute/own-answer.ts';
import type { Perishable } from '../sockets/deadlines.ts';
import { readBytes } from '../sockets/scratch.ts';
import type { Socket, SocketOwner } from '../sockets/socket.ts';
import { Admission, type ConnectionFacts, factsOf, isNoise, type Noise } from './admission.ts';
import type { ConnectionOption } from './answer-head.ts';
import { AnswerWriter } from './answer-writer.ts';
import type { BodyTransfer } from './body-transfer.ts';
import { mayRead, type Phase } from './connection-phase.ts';
import type { ConnectionRegistry, OpenConnection } from './connection-registry.ts';
import { incomplete } from './field-lines.ts';
import { ForwardedFields } from './forwarded-fields.ts';
import { HeaderBlock } from './header-block.ts';
import { lookForPreface } from './preface.ts';
import { ReceivedBytes } from './received-bytes.ts';
import { composeRefusal } from './refusal-writer.ts';
import { type BodySource, RequestBody } from './request-body.ts';
import type { HttpServices } from './services.ts';
import { isWebSocket, WebSocketUpgrade } from './web-socket-upgrade.ts';

/** What a connection works with. */
export interface ClientConnectionOptions {
  readonly facts: Pick<ConnectionFacts, 'scheme' | 'tls' | 'lease'>;
  readonly services: HttpServices;
  readonly registry: ConnectionRegistry;
}

type Timeout = 'headTimeoutMs' | 'idleTimeoutMs' | 'bodyStallMs' | 'halfCloseMs' | 'lingerMs';

/** A client's connection: one call after the other, in the order in which they came. */
export class ClientConnection implements OpenConnection, SocketOwner, Perishable, ExchangeClient, BodySource {
  deadlineMs = Infinity;
  readonly #socket: Socket;
  readonly #facts: ConnectionFacts;
  readonly #services: HttpServices;
  readonly #registry: ConnectionRegistry;
  readonly #received = new ReceivedBytes();
  #phase: Phase = 'head';
  readonly #admission: Admission;
  readonly #exchange: Exchange;
  readonly #answer: AnswerWriter;
  readonly forwarded: ForwardedFields;
  /** The header section that came last. */
  #block: HeaderBlock;
  body: RequestBody | null = null;
  minorVersion = 1;
  awaitsContinue = false;
  upgrade: Upgrade | null = null;
  /** The request asks for the connection to be kept. */
  #wantsToKeep = true;
  #isWorking = false;
  #isHeld = false;
  /** The client has not taken yet what was written. */
  #isSlow = false;
  #hasPeerEnded = false;
  #lingeredBytes = 0;
  /** Ends both connections of a tunnel; null while there is none. */
  #cutTunnel: (() => void) | null = null;

  constructor(socket: Socket, { facts, services, registry }: ClientConnectionOptions) {
    this.#socket = socket;
    this.#facts = factsOf(socket, facts);
    this.#services = services;
    this.#registry = registry;
    this.#admission = new Admission(services, this.#facts);
    this.#answer = new AnswerWriter(services, this);
    this.forwarded = new ForwardedFields(this.#facts);
    this.#exchange = new Exchange(services, this, this.#answer);
    this.#block = new HeaderBlock(services.texts);
    socket.owner = this;
    services.deadlines.watch(this);
    this.#enter('head', 'headTimeoutMs');
    socket.resume();
  }

  get takesInterim(): boolean {
    return this.minorVersion > 0;
  }

  get mayKeep(): boolean {
    return this.#wantsToKeep && !this.#registry.isDraining && !this.#isPeerDone();
  }

  /** Closes the connection unless a call is under way; that one will be the last. */
  drain(): void {
    if ((this.#phase === 'idle' || this.#phase === 'head') && this.#received.length === 0) this.#close();
  }

  /** Closes the connection whatever it does; a call under way counts as it stands. */
  cut(): void {
    this.#close();
    this.#exchange.abandon();
  }

  onBytes(bytes: Buffer, length: number): void {
    this.#received.add(bytes, length);
    this.#work();
    this.#received.keep();
    this.#updateReading();
  }

  onWritten(): void {
    this.#isSlow = false;
    if (this.#phase === 'closing') this.#closeWhenWritten();
    if (this.#phase !== 'body' && this.#phase !== 'answer') return;
    this.deadlineMs = this.#phase === 'body' ? this.#in('bodyStallMs') : Infinity;
    this.#exchange.onClientWritten();
  }

  /** The client sends no more, but may still wait for the answer. */
  onEnd(): void {
    this.#hasPeerEnded = true;
    if (this.#phase === 'answer') this.deadlineMs = this.#in('halfCloseMs');
    else this.cut();
  }

  onClose(): void {
    this.cut();
  }

  onDeadline(): void {
    switch (this.#phase) {
      case 'head':
        if (this.#received.length === 0) {
          this.#close();
          return;
        }
        this.#services.metrics.noise('head-timeout');
        this.#refuse(ownError(engineErrors.requestTimeout));
        return;
      case 'body':
        this.deadlineMs = Infinity;
        this.#exchange.onBodyStalled();
        return;
      default:
        this.cut();
    }
  }

  moveBody(transfer: BodyTransfer, target: Buffer, offset: number): number {
    const { bytes, start, end } = this.#received;
    if (start === end) return offset;
    const offsetBehind = transfer.move(bytes, start, Math.min(end, start + readBytes), target, offset);
    if (offsetBehind >= 0) this.#received.start = transfer.position;
    if (transfer.isComplete && this.#phase === 'body') this.#phase = 'answer';
    this.deadlineMs = this.#phase === 'answer' ? Infinity : this.#in('bodyStallMs');
    return offsetBehind;
  }

  holdBody(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (this.#phase === 'body') this.deadlineMs = isHeld ? Infinity : this.#in('bodyStallMs');
    if (isHeld || this.#isWorking) this.#updateReading();
    else this.#goOn();
  }

  write(length: number): boolean {
    const isTaken = this.#socket.writeScratch(length);
    if (!isTaken) {
      this.#isSlow = true;
      this.deadlineMs = this.#in('bodyStallMs');
    }
    return isTaken;
  }

  leaveFields(): void {
    this.#block = new HeaderBlock(this.#services.texts);
  }

  exchangeEnded(end: 'keep' | 'close' | 'cut'): void {
    if (this.#phase === 'closed') return;
    if (end === 'cut') this.#reset();
    else if (end === 'close' || this.#isPeerDone()) this.#closeAfterAnswer();
    else this.#continue();
  }

  /** Uses up what has arrived as far as it goes now. */
  #work(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    const received = this.#received;
    let before = -1;
    while (received.length > 0 && received.length !== before && !this.#isWaiting()) {
      before = received.length;
      this.#step();
    }
    this.#isWorking = false;
  }

  /** Works on what was kept, now that it can be used. */
  #goOn(): void {
    this.#work();
    this.#updateReading();
  }

  #isWaiting(): boolean {
    return this.#phase === 'answer' || this.#phase === 'closed' || (this.#phase === 'body' && this.#isHeld);
  }

  #step(): void {
    switch (this.#phase) {
      case 'idle':
        this.#received.skipEmptyLines();
        if (this.#received.length === 0) return;
        this.#enter('head', 'headTimeoutMs');
        this.#readHead();
        return;
      case 'head':
        this.#received.skipEmptyLines();
        this.#readHead();
        return;
      case 'body':
        this.#exchange.onBody();
        return;
      case 'discard':
        this.#discardBody();
        return;
      case 'linger':
        this.#lingeredBytes += this.#received.length;
        this.#received.clear();
        if (this.#lingeredBytes > this.#services.limits.lingerLimitBytes) this.#close();
        return;
      default:
    }
  }

  #readHead(): void {
    const { headReader, metrics } = this.#services;
    const { bytes, start, end } = this.#received;
    if (start === end || this.#received.isHalfALine) return;
    const block = this.#block;
    const headEnd = headReader.read(bytes, start, end, block);
    if (headEnd === incomplete) return;
    if (headEnd < 0) {
      const { error, detail } = headReader.fault;
      if (error === engineErrors.versionNotSupported && this.#isPreface(bytes, start, end)) return;
      metrics.noise(error === engineErrors.headTooLarge ? 'head-too-large' : 'bad-head');
      this.#refuse(ownError(error, detail));
      return;
    }
    this.#received.start = headEnd;
    const { minorVersion } = headReader.line;
    this.minorVersion = minorVersion;
    this.#wantsToKeep = minorVersion === 1 ? !block.asksToClose : block.asksToKeep && !block.asksToClose;
    this.awaitsContinue = block.expectsContinue && minorVersion === 1;
    const admitted = this.#admission.admit(headReader.request, block);
    if (isNoise(admitted)) this.#answerNoise(admitted, headReader.request.method);
    else this.#startCall(admitted);
  }

  /** Whether it is HTTP/2 that begins here, which clients may do in clear text when they know that it is spoken (RFC 9113, 3.3). */
  #isPreface(bytes: Buffer, start: number, end: number): boolean {
    if (this.#facts.scheme !== 'http' || this.#block.length > 0) return false;
    const found = lookForPreface(bytes, start, end);
    if (found !== 'whole') return found === 'begun';
    const unread = Buffer.from(bytes.subarray(start, end));
    this.#received.clear();
    this.#phase = 'closed';
    this.#services.deadlines.forget(this);
    this.#registry.becameHttp2(this, this.#socket.toNetSocket(unread), this.#facts);
    return true;
  }

  #newBody(block: HeaderBlock, limitBytes: number): RequestBody | null {
    if (block.isChunked) return new RequestBody({ kind: 'chunked' }, { source: this, limitBytes });
    if (block.contentLength === null) return null;
    return new RequestBody({ kind: 'length', bytes: block.contentLength }, { source: this, limitBytes });
  }

  #startCall(call: CallState): void {
    const { program, method } = call;
    const { limits, directory } = this.#services;
    const block = this.#block;
    this.body = this.#newBody(block, program.settings.bodyLimitBytes ?? limits.bodyLimitBytes);
    if (this.body === null || this.body.isComplete) {
      this.#phase = 'answer';
      this.deadlineMs = this.#hasPeerEnded ? this.#in('halfCloseMs') : Infinity;
    } else {
      this.#enter('body', 'bodyStallMs');
    }
    const { upgrade } = block;
    this.upgrade =
      this.minorVersion === 1 && method === 'GET' && isWebSocket(upgrade) ? this.#upgradeTo(upgrade) : null;
    this.#exchange.begin(call, directory.isAccessStale(program) ? call.reject(engineErrors.accessStale) : undefined);
  }

  #upgradeTo(protocol: string): Upgrade {
    return new WebSocketUpgrade(protocol, {
      socket: this.#socket,
      scratch: this.#services.scratch,
      received: this.#received,
      answer: this.#answer,
      begun: (cutTunnel) => {
        this.#phase = 'tunnel';
        this.deadlineMs = Infinity;
        this.#cutTunnel = cutTunnel;
      },
      ended: () => this.#close(),
    });
  }

  /** Answers a request that is no call. */
  #answerNoise(noise: Noise, method: string): void {
    const { limits } = this.#services;
    this.body = this.#newBody(this.#block, limits.drainLimitBytes);
    const rest = this.body === null ? 0 : this.body.leftBytes;
    const isShort = rest !== null && rest <= limits.drainLimitBytes && !(rest > 0 && this.#block.expectsContinue);
    const keeps = noise.keeps && isShort && this.mayKeep;
    this.#phase = 'answer';
    const connection = keeps ? (this.minorVersion === 0 ? 'keep-alive' : null) : 'close';
    this.#writeRefusal(ownError(noise.error), connection, method === 'HEAD');
    this.exchangeEnded(keeps ? 'keep' : 'close');
  }

  /** Answers what cannot be understood, and closes: where the next request would begin is not known. */
  #refuse(error: OwnError): void {
    this.#writeRefusal(error, 'close');
    this.#linger();
  }

  #writeRefusal(error: OwnError, connection: ConnectionOption, isHead = false): void {
    this.write(composeRefusal(this.#services, error, { connection, isHead }));
  }

  /** The answer is out, and the next request may come. */
  #continue(): void {
    if (this.body !== null && !this.body.isComplete) {
      this.#isHeld = false;
      this.#enter('discard', 'bodyStallMs');
    } else {
      this.#awaitHead();
    }
    if (!this.#isWorking) this.#goOn();
  }

  #discardBody(): void {
    const body = this.body;
    if (body === null) return;
    body.moveTo(this.#services.scratch.bytes, 0);
    if (body.fault !== null) this.#linger();
    else if (body.isComplete) this.#awaitHead();
  }

  #awaitHead(): void {
    this.body = null;
    this.#isHeld = false;
    if (this.#received.length > 0) this.#enter('head', 'headTimeoutMs');
    else if (this.#registry.isDraining) this.#close();
    else this.#enter('idle', 'idleTimeoutMs');
  }

  #closeAfterAnswer(): void {
    const isRequestRead = this.#received.length === 0 && (this.body === null || this.body.isComplete);
    if (!isRequestRead && !this.#hasPeerEnded) {
      this.#linger();
      return;
    }
    // Whoever stops reading must not hold the connection for ever.
    if (this.#isSlow) this.#enter('closing', 'bodyStallMs');
    else this.#closeWhenWritten();
  }

  #closeWhenWritten(): void {
    this.#phase = 'closed';
    this.#deregister();
    this.#socket.closeWhenWritten();
  }

  /** Goes on reading for a while so that the client can read the answer: closing on unread bytes would reset the connection. */
  #linger(): void {
    this.#received.clear();
    this.#isHeld = false;
    this.#enter('linger', 'lingerMs');
    this.#socket.end();
    this.#updateReading();
  }

  /** The client has sent all it ever will, and all of that was used. */
  #isPeerDone(): boolean {
    return this.#hasPeerEnded && this.#received.length === 0;
  }

  #close(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#deregister();
    if (this.#cutTunnel === null) this.#socket.destroy();
    else this.#cutTunnel();
  }

  #reset(): void {
    this.#phase = 'closed';
    this.#deregister();
    this.#socket.reset();
  }

  #deregister(): void {
    this.#services.deadlines.forget(this);
    this.#registry.closed(this);
  }

  #updateReading(): void {
    if (this.#phase === 'closed' || this.#phase === 'tunnel') return;
    if (mayRead(this.#phase, this.#received.length, this.#isHeld)) this.#socket.resume();
    else this.#socket.pause();
  }

  #enter(phase: Phase, limit: Timeout): void {
    this.#phase = phase;
    this.deadlineMs = this.#in(limit);
  }

  #in(limit: Timeout): number {
    return this.#services.deadlines.in(this.#services.limits[limit]);
  }
}
