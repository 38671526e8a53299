import type { Socket as NetSocket } from 'node:net';
import { unmapAddress } from '../matching/address-set.ts';
import type { Scratch } from './scratch.ts';
import { nobody, type Socket, type SocketOwner } from './socket.ts';
import { endOfFile, type TcpBinding, type TcpHandle, toNetSocket, type WriteRequest } from './tcp-binding.ts';

/** What all raw sockets of a process share. */
export interface RawContext {
  readonly binding: TcpBinding;
  readonly scratch: Scratch;
  /** A write request that no write has kept; requests whose write ended at once are used again. */
  spareRequest: WriteRequest | null;
}

/** A connection on a raw TCP handle. */
export class RawSocket implements Socket {
  owner: SocketOwner = nobody;
  peerAddress: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly #handle: TcpHandle;
  readonly #context: RawContext;
  #pendingWrites = 0;
  #isReading = false;
  #isClosed = false;
  #closesWhenWritten = false;

  /** Takes over a connected handle and starts to read with the next {@link resume}. */
  constructor(handle: TcpHandle, context: RawContext) {
    this.#handle = handle;
    this.#context = context;
    const peer: { address?: string } = {};
    const local: { address?: string; port?: number } = {};
    handle.getpeername(peer);
    handle.getsockname(local);
    this.peerAddress = unmapAddress(peer.address ?? '');
    this.localAddress = unmapAddress(local.address ?? '');
    this.localPort = local.port ?? 0;
    handle.owner = this;
    handle.onread = onRead;
    handle.setNoDelay(true);
    handle.useUserBuffer(context.scratch.readBuffer);
  }

  writeScratch(length: number): boolean {
    if (this.#isClosed) return true;
    const context = this.#context;
    const { binding, scratch } = context;
    const request = context.spareRequest ?? new binding.WriteRequest();
    context.spareRequest = null;
    const status = this.#handle.writeBuffer(request, scratch.view(length));
    if (status !== 0) {
      this.#breakLater();
      return true;
    }
    if (binding.state[binding.lastWriteWasAsync] === 0) {
      context.spareRequest = request;
      return true;
    }
    request.oncomplete = onWriteComplete;
    request.owner = this;
    request.bytes = scratch.leave();
    this.#pendingWrites++;
    return false;
  }

  pause(): void {
    if (!this.#isReading || this.#isClosed) return;
    this.#isReading = false;
    this.#handle.readStop();
  }

  resume(): void {
    if (this.#isReading || this.#isClosed) return;
    this.#isReading = true;
    if (this.#handle.readStart() !== 0) this.#breakLater();
  }

  end(): void {
    if (this.#isClosed) return;
    const request = new this.#context.binding.ShutdownRequest();
    request.oncomplete = () => undefined;
    if (this.#handle.shutdown(request) !== 0) this.#breakLater();
  }

  closeWhenWritten(): void {
    if (this.#pendingWrites === 0) this.destroy();
    else this.#closesWhenWritten = true;
  }

  destroy(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.owner = nobody;
    this.#handle.close();
  }

  reset(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.owner = nobody;
    if (this.#handle.reset(() => undefined) !== 0) this.#handle.close();
  }

  toNetSocket(unread: Uint8Array): NetSocket {
    this.pause();
    this.#isClosed = true;
    this.owner = nobody;
    const socket = toNetSocket(this.#handle);
    if (unread.length > 0) socket.unshift(unread);
    return socket;
  }

  /** What a read has brought; for {@link onRead} only. */
  received(): void {
    if (this.#isClosed) return;
    const { binding, scratch } = this.#context;
    const count = binding.state[binding.readBytesOrError] ?? 0;
    if (count > 0) this.owner.onBytes(scratch.readBuffer, count);
    else if (count === endOfFile) this.#ended();
    else if (count < 0) this.#break();
  }

  /** An asynchronous write has ended; for {@link onWriteComplete} only. */
  written(request: WriteRequest, status: number): void {
    if (request.bytes !== undefined) this.#context.scratch.giveBack(request.bytes);
    this.#pendingWrites--;
    if (this.#isClosed) return;
    if (status < 0) this.#break();
    else if (this.#pendingWrites > 0) return;
    else if (this.#closesWhenWritten) this.destroy();
    else this.owner.onWritten();
  }

  #ended(): void {
    this.#isReading = false;
    this.#handle.readStop();
    this.owner.onEnd();
  }

  /** Not at once, because the owner is in the middle of something. */
  #breakLater(): void {
    process.nextTick(() => this.#break());
  }

  #break(): void {
    if (this.#isClosed) return;
    const { owner } = this;
    this.destroy();
    owner.onClose();
  }
}

function onRead(this: TcpHandle): void {
  (this.owner as RawSocket).received();
}

function onWriteComplete(this: WriteRequest, status: number): void {
  (this.owner as RawSocket).written(this, status);
}
