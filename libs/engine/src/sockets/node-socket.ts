import type { Socket as NetSocket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { unmapAddress } from '../matching/address-set.ts';
import type { Scratch } from './scratch.ts';
import { nobody, type Socket, type SocketOwner } from './socket.ts';

/** A connection on a public socket of Node: the fallback for plain TCP, and the way of TLS. */
export class NodeSocket implements Socket {
  owner: SocketOwner = nobody;
  peerAddress: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly #socket: NetSocket;
  readonly #scratch: Scratch;
  readonly #listeners = {
    data: (bytes: Buffer) => this.owner.onBytes(bytes, bytes.length),
    drain: () => this.owner.onWritten(),
    end: () => this.owner.onEnd(),
    error: () => undefined,
    close: () => this.#closed(),
  };

  /** Takes over a connected socket that allows half-open connections, and starts to read with the next {@link resume}. */
  constructor(socket: NetSocket, scratch: Scratch) {
    this.#socket = socket;
    this.#scratch = scratch;
    this.peerAddress = unmapAddress(socket.remoteAddress ?? '');
    this.localAddress = unmapAddress(socket.localAddress ?? '');
    this.localPort = socket.localPort ?? 0;
    socket.setNoDelay(true);
    socket.setTimeout(0);
    socket.pause();
    for (const [event, listener] of Object.entries(this.#listeners)) socket.on(event, listener);
  }

  writeScratch(length: number): boolean {
    if (this.#socket.destroyed) return true;
    return this.#socket.write(Buffer.from(this.#scratch.view(length)));
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    this.#socket.end();
  }

  closeWhenWritten(): void {
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.owner = nobody;
    this.#socket.destroy();
  }

  reset(): void {
    this.owner = nobody;
    // TLS has an end of its own, whose absence tells as much as a reset of TCP.
    if (this.#socket instanceof TLSSocket) this.#socket.destroy();
    else this.#socket.resetAndDestroy();
  }

  /** Gives the socket of Node back, which reads `unread` first; this one is of no use any more. Nothing may wait to be written. */
  toNetSocket(unread: Uint8Array): NetSocket {
    const socket = this.#socket;
    this.owner = nobody;
    for (const [event, listener] of Object.entries(this.#listeners)) socket.off(event, listener);
    socket.pause();
    if (unread.length > 0) socket.unshift(Buffer.from(unread));
    return socket;
  }

  #closed(): void {
    const { owner } = this;
    this.owner = nobody;
    owner.onClose();
  }
}
