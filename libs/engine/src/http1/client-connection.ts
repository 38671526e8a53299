import { engineErrors } from '../engine.errors.ts';
import { type OwnError, ownError } from '../execute/own-answer.ts';
import type { Socket, SocketOwner } from '../sockets/socket.ts';
import { type ConnectionFacts, factsOf } from './admission.ts';
import { ClientCalls } from './client-calls.ts';
import { ConnectionLife, type LivingConnection } from './connection-life.ts';
import type { ConnectionRegistry } from './connection-registry.ts';
import { incomplete } from './field-lines.ts';
import { lookForPreface } from './preface.ts';
import type { ReceivedBytes } from './received-bytes.ts';
import { refuse } from './refuse-request.ts';
import type { HttpServices } from './services.ts';

/** What a connection works with. */
export interface ClientConnectionOptions {
  readonly facts: Pick<ConnectionFacts, 'scheme' | 'tls' | 'lease'>;
  readonly services: HttpServices;
  readonly registry: ConnectionRegistry;
}

/** A client's connection: uses up what arrives on it, as requests and their bodies, in the order in which they came. */
export class ClientConnection implements LivingConnection, SocketOwner {
  readonly #facts: ConnectionFacts;
  readonly #services: HttpServices;
  readonly #life: ConnectionLife;
  readonly #received: ReceivedBytes;
  readonly #calls: ClientCalls;
  #isWorking = false;

  constructor(socket: Socket, { facts, services, registry }: ClientConnectionOptions) {
    this.#facts = factsOf(socket, facts);
    this.#services = services;
    this.#life = new ConnectionLife(socket, { services, registry, connection: this });
    this.#received = this.#life.received;
    this.#calls = new ClientCalls(socket, { services, facts: this.#facts, life: this.#life, connection: this });
    socket.owner = this;
    socket.resume();
  }

  /** Closes the connection unless a call is under way; that one will be the last. */
  drain(): void {
    const { phase } = this.#life;
    if ((phase === 'idle' || phase === 'head') && this.#received.length === 0) this.#life.close();
  }

  /** Closes the connection whatever it does; a call under way counts as it stands. */
  cut(): void {
    this.#life.close();
    this.#calls.exchange.abandon();
  }

  onBytes(bytes: Buffer, length: number): void {
    this.#received.add(bytes, length);
    this.#work();
    this.#received.keep();
    this.#life.updateReading();
  }

  onWritten(): void {
    if (this.#life.written()) this.#calls.exchange.onClientWritten();
  }

  /** The client sends no more, but may still wait for the answer. */
  onEnd(): void {
    const life = this.#life;
    life.hasPeerEnded = true;
    if (life.phase === 'answer') life.allow('halfCloseMs');
    // Over TLS the end comes also while nothing is read: what waits here may be the rest of the body.
    else if (life.phase !== 'body' || this.#received.length === 0) this.cut();
  }

  onClose(): void {
    this.cut();
  }

  onDeadline(): void {
    switch (this.#life.phase) {
      case 'head':
        if (this.#received.length === 0) {
          this.#life.close();
          return;
        }
        this.#services.metrics.noise('head-timeout');
        this.#refuse(ownError(engineErrors.requestTimeout));
        return;
      case 'body':
        this.#life.allowAnyTime();
        this.#calls.exchange.onBodyStalled();
        return;
      default:
        this.cut();
    }
  }

  /** Works on what was kept, now that it can be used. */
  goOn(): void {
    if (this.#isWorking) return;
    this.#work();
    const life = this.#life;
    if (life.phase === 'body' && life.isPeerDone) this.cut();
    life.updateReading();
  }

  /** Uses up what has arrived as far as it goes now. */
  #work(): void {
    this.#isWorking = true;
    const received = this.#received;
    let before = -1;
    while (received.length > 0 && received.length !== before && !this.#life.isWaiting) {
      before = received.length;
      this.#step();
    }
    this.#isWorking = false;
  }

  #step(): void {
    switch (this.#life.phase) {
      case 'idle':
        this.#received.skipEmptyLines();
        if (this.#received.length === 0) return;
        this.#life.enter('head', 'headTimeoutMs');
        this.#readHead();
        return;
      case 'head':
        this.#received.skipEmptyLines();
        this.#readHead();
        return;
      case 'body':
        this.#calls.exchange.onBody();
        return;
      case 'discard':
        this.#calls.discardBody();
        return;
      case 'linger':
        this.#life.dropReceived();
        return;
      default:
    }
  }

  #readHead(): void {
    const { headReader, metrics } = this.#services;
    const { bytes, start, end } = this.#received;
    if (start === end || this.#received.isHalfALine) return;
    const headEnd = headReader.read(bytes, start, end, this.#calls.block);
    if (headEnd === incomplete) return;
    if (headEnd < 0) {
      const { error, detail } = headReader.fault;
      if (error === engineErrors.versionNotSupported && this.#isPreface(bytes, start, end)) return;
      metrics.noise(error === engineErrors.headTooLarge ? 'head-too-large' : 'bad-head');
      this.#refuse(ownError(error, detail));
      return;
    }
    this.#received.start = headEnd;
    this.#calls.begin(headReader.request, headReader.line.minorVersion);
  }

  /** Whether it is HTTP/2 that begins here, which clients may do in clear text when they know that it is spoken (RFC 9113, 3.3). */
  #isPreface(bytes: Buffer, start: number, end: number): boolean {
    if (this.#facts.scheme !== 'http' || this.#calls.block.length > 0) return false;
    const found = lookForPreface(bytes, start, end);
    if (found === 'whole') this.#life.becomeHttp2(this.#facts);
    return found !== 'other';
  }

  #refuse(error: OwnError): void {
    refuse(this.#services, this.#life, error);
    this.#life.linger();
  }
}
