import type { Perishable } from '../sockets/deadlines.ts';
import type { Socket } from '../sockets/socket.ts';
import type { ConnectionFacts } from './admission.ts';
import { mayRead, type Phase } from './connection-phase.ts';
import type { ConnectionRegistry, OpenConnection } from './connection-registry.ts';
import { ReceivedBytes } from './received-bytes.ts';
import type { HttpServices } from './services.ts';

/** The limits on how long a client may leave its connection as it is. */
export type Timeout = 'headTimeoutMs' | 'idleTimeoutMs' | 'bodyStallMs' | 'halfCloseMs' | 'lingerMs';

/** The connection whose life it is. */
export interface LivingConnection extends OpenConnection {
  /** It has been left as it is for too long. */
  onDeadline(): void;
}

/** What a life depends on. */
export interface LifeOptions {
  readonly services: Pick<HttpServices, 'deadlines' | 'limits'>;
  readonly registry: ConnectionRegistry;
  readonly connection: LivingConnection;
}

/** Where a client's connection stands, how long it may stay there, whether more is read from it, and the ways in which it ends. */
export class ConnectionLife implements Perishable {
  phase: Phase = 'head';
  deadlineMs = Infinity;
  readonly received = new ReceivedBytes();
  /** The upstream is slower than the body comes. */
  isHeld = false;
  /** The client sends no more. */
  hasPeerEnded = false;
  /** The client has not taken yet what was written. */
  #isSlow = false;
  #lingeredBytes = 0;
  /** Ends both connections of a tunnel; null while there is none. */
  #cutTunnel: (() => void) | null = null;
  readonly #socket: Socket;
  readonly #services: LifeOptions['services'];
  readonly #registry: ConnectionRegistry;
  readonly #connection: LivingConnection;

  constructor(socket: Socket, { services, registry, connection }: LifeOptions) {
    this.#socket = socket;
    this.#services = services;
    this.#registry = registry;
    this.#connection = connection;
    services.deadlines.watch(this);
    this.enter('head', 'headTimeoutMs');
  }

  get isDraining(): boolean {
    return this.#registry.isDraining;
  }

  /** The client has sent all it ever will, and all of that was used. */
  get isPeerDone(): boolean {
    return this.hasPeerEnded && this.received.length === 0;
  }

  /** What has arrived cannot be used yet. */
  get isWaiting(): boolean {
    return this.phase === 'answer' || this.phase === 'closed' || (this.phase === 'body' && this.isHeld);
  }

  onDeadline(): void {
    this.#connection.onDeadline();
  }

  enter(phase: Phase, limit: Timeout): void {
    this.phase = phase;
    this.allow(limit);
  }

  /** Gives the client so much time from now on. */
  allow(limit: Timeout): void {
    this.deadlineMs = this.#services.deadlines.in(this.#services.limits[limit]);
  }

  allowAnyTime(): void {
    this.deadlineMs = Infinity;
  }

  updateReading(): void {
    if (this.phase === 'closed' || this.phase === 'tunnel') return;
    if (mayRead(this.phase, this.received.length, this.isHeld)) this.#socket.resume();
    else this.#socket.pause();
  }

  /** Writes what stands in the scratch buffer; false when the client is slower. */
  write(length: number): boolean {
    const isTaken = this.#socket.writeScratch(length);
    if (!isTaken) {
      this.#isSlow = true;
      this.allow('bodyStallMs');
    }
    return isTaken;
  }

  /** The client has taken all that was written. @returns whether a call is under way that may write more. */
  written(): boolean {
    this.#isSlow = false;
    if (this.phase === 'closing') this.#closeWhenWritten();
    if (this.phase !== 'body' && this.phase !== 'answer') return false;
    if (this.phase === 'body') this.allow('bodyStallMs');
    else this.allowAnyTime();
    return true;
  }

  /** The request is complete. */
  awaitAnswer(): void {
    this.phase = 'answer';
    if (this.hasPeerEnded) this.allow('halfCloseMs');
    else this.allowAnyTime();
  }

  /** The answer is out, but not all of the body has come. */
  discard(): void {
    this.isHeld = false;
    this.enter('discard', 'bodyStallMs');
  }

  /** The next request may come. */
  awaitHead(): void {
    this.isHeld = false;
    if (this.received.length > 0) this.enter('head', 'headTimeoutMs');
    else if (this.isDraining) this.close();
    else this.enter('idle', 'idleTimeoutMs');
  }

  /** Closes after the last answer as gently as the client needs it. */
  closeAfterAnswer(isBodyRead: boolean): void {
    const isRequestRead = this.received.length === 0 && isBodyRead;
    if (!isRequestRead && !this.hasPeerEnded) {
      this.linger();
      return;
    }
    // Whoever stops reading must not hold the connection for ever.
    if (this.#isSlow) this.enter('closing', 'bodyStallMs');
    else this.#closeWhenWritten();
  }

  /** Goes on reading for a while so that the client can read the answer: closing on unread bytes would reset the connection. */
  linger(): void {
    this.received.clear();
    this.isHeld = false;
    this.enter('linger', 'lingerMs');
    this.#socket.end();
    this.updateReading();
  }

  /** Drops what still came, up to a bound. */
  dropReceived(): void {
    this.#lingeredBytes += this.received.length;
    this.received.clear();
    if (this.#lingeredBytes > this.#services.limits.lingerLimitBytes) this.close();
  }

  /** Another protocol is spoken from now on; `cut` ends both sides of it. */
  becomeTunnel(cut: () => void): void {
    this.phase = 'tunnel';
    this.allowAnyTime();
    this.#cutTunnel = cut;
  }

  /** HTTP/2 is spoken from now on, and reads again what has come. */
  becomeHttp2(facts: ConnectionFacts): void {
    const { bytes, start, end } = this.received;
    const unread = Buffer.from(bytes.subarray(start, end));
    this.received.clear();
    this.phase = 'closed';
    this.#services.deadlines.forget(this);
    this.#registry.becameHttp2(this.#connection, this.#socket.toNetSocket(unread), facts);
  }

  /** Closes at once; what was written may still arrive. */
  close(): void {
    if (this.phase === 'closed') return;
    this.#end();
    if (this.#cutTunnel === null) this.#socket.destroy();
    else this.#cutTunnel();
  }

  /** Closes so that the client notices that something is missing. */
  reset(): void {
    this.#end();
    this.#socket.reset();
  }

  #closeWhenWritten(): void {
    this.#end();
    this.#socket.closeWhenWritten();
  }

  #end(): void {
    this.phase = 'closed';
    this.#services.deadlines.forget(this);
    this.#registry.closed(this.#connection);
  }
}
