import { Duplex } from 'node:stream';
import type { Socket as NetSocket } from 'node:net';
import type { Scratch } from '../sockets/scratch.ts';
import { nobody, type Socket, type SocketOwner } from '../sockets/socket.ts';

/** Where a connection seems to come from, and to. */
export interface PlayedAddress {
  readonly peerAddress: string;
  readonly localPort: number;
}

/** A connection that has no network in it: one end is the engine's, the other a stream for whoever plays the client. */
export class PlayedSocket implements Socket {
  owner: SocketOwner = nobody;
  peerAddress: string;
  readonly localAddress = '127.0.0.1';
  readonly localPort: number;
  /** The client's end. */
  readonly client: Duplex;
  readonly #scratch: Scratch;
  /** What the engine does not read yet. */
  #waiting: (() => void) | null = null;
  #isPaused = true;
  /** The client has more to take than it wants. */
  #isFull = false;

  constructor({ peerAddress, localPort }: PlayedAddress, scratch: Scratch) {
    this.peerAddress = peerAddress;
    this.localPort = localPort;
    this.#scratch = scratch;
    this.client = new Duplex({
      write: (chunk: Buffer, _encoding, done) => this.#deliver(() => this.owner.onBytes(chunk, chunk.length), done),
      final: (done) => this.#deliver(() => this.owner.onEnd(), done),
      read: () => this.#taken(),
      destroy: (cause, done) => {
        done(cause);
        this.#closed();
      },
    });
  }

  writeScratch(length: number): boolean {
    if (this.client.destroyed) return true;
    const isTaken = this.client.push(Buffer.from(this.#scratch.view(length)));
    this.#isFull = !isTaken;
    return isTaken;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    const deliver = this.#waiting;
    if (deliver === null) return;
    this.#waiting = null;
    // Whoever resumes is in the middle of something.
    setImmediate(deliver);
  }

  end(): void {
    if (!this.client.destroyed && !this.client.readableEnded) this.client.push(null);
  }

  closeWhenWritten(): void {
    this.owner = nobody;
    this.end();
  }

  destroy(): void {
    this.closeWhenWritten();
  }

  reset(): void {
    this.owner = nobody;
    this.client.destroy(new Error('the answer broke off'));
  }

  toNetSocket(): NetSocket {
    throw new Error('nothing but HTTP/1.1 is spoken on a connection without a network');
  }

  #deliver(work: () => void, done: () => void): void {
    const deliver = (): void => {
      if (this.#isPaused) {
        this.#waiting = deliver;
        return;
      }
      work();
      done();
    };
    deliver();
  }

  #taken(): void {
    if (!this.#isFull) return;
    this.#isFull = false;
    setImmediate(() => this.owner.onWritten());
  }

  #closed(): void {
    const { owner } = this;
    this.owner = nobody;
    owner.onClose();
  }
}
