import type { Node } from '../balancing/node.ts';
import type { UpstreamChannel, UpstreamFailure, UpstreamUser } from '../exchange/upstream-channel.ts';
import type { Deadlines, Perishable } from '../sockets/deadlines.ts';
import type { Scratch } from '../sockets/scratch.ts';
import type { Socket, SocketOwner } from '../sockets/socket.ts';
import type { IdleConnections } from '../upstream/idle-connections.ts';
import { incomplete } from './field-lines.ts';
import { type RequestHeadParts, writeRequestHead } from './request-head.ts';
import type { ResponseReader } from './response-reader.ts';

/** What connections to upstreams work with. */
export interface UpstreamConnectionServices {
  readonly deadlines: Deadlines;
  readonly responseReader: ResponseReader;
  readonly scratch: Scratch;
}

type Phase = 'idle' | 'head' | 'body' | 'closed';

/** A connection to a node, used by one call at a time. */
export class UpstreamConnection implements UpstreamChannel, SocketOwner, Perishable {
  deadlineMs = Infinity;
  isReused = false;
  readonly node: Node;
  readonly #socket: Socket;
  readonly #idle: IdleConnections<UpstreamConnection>;
  readonly #services: UpstreamConnectionServices;
  #phase: Phase = 'idle';
  #user: UpstreamUser | null = null;
  #readMs = 0;
  #sendMs = 0;
  /** A head of which only the beginning has come. */
  #kept: Buffer | null = null;

  constructor(
    socket: Socket,
    {
      node,
      idle,
      services,
    }: { node: Node; idle: IdleConnections<UpstreamConnection>; services: UpstreamConnectionServices },
  ) {
    this.node = node;
    this.#socket = socket;
    this.#idle = idle;
    this.#services = services;
    socket.owner = this;
    services.deadlines.watch(this);
    socket.resume();
  }

  begin(user: UpstreamUser, { readMs, sendMs }: { readMs: number; sendMs: number }): void {
    this.#user = user;
    this.#phase = 'head';
    this.#readMs = readMs;
    this.#sendMs = sendMs;
    this.deadlineMs = this.#services.deadlines.in(readMs);
  }

  startRequest(parts: RequestHeadParts, host: string): number {
    return writeRequestHead(this.#services.scratch.bytes, parts, host);
  }

  handTo(user: UpstreamUser): void {
    this.#user = user;
  }

  write(length: number): boolean {
    if (length === 0) return true;
    const isTaken = this.#socket.writeScratch(length);
    this.deadlineMs = this.#services.deadlines.in(isTaken ? this.#readMs : this.#sendMs);
    return isTaken;
  }

  pause(): void {
    this.deadlineMs = Infinity;
    this.#socket.pause();
  }

  resume(): void {
    this.deadlineMs = this.#services.deadlines.in(this.#readMs);
    this.#socket.resume();
  }

  /** The connection waits for the next call, or closes. */
  release(isReusable: boolean): void {
    this.#user = null;
    if (this.#phase === 'closed') return;
    this.#phase = 'idle';
    this.isReused = true;
    this.#socket.resume();
    this.deadlineMs = this.#services.deadlines.in(this.#idle.idleTimeoutMs);
    if (!isReusable || !this.#idle.keep(this)) this.destroy();
  }

  detach(): Socket {
    this.#phase = 'closed';
    this.#user = null;
    this.#services.deadlines.forget(this);
    return this.#socket;
  }

  destroy(): void {
    if (this.#phase === 'closed') return;
    if (this.#phase === 'idle') this.#idle.drop(this);
    this.#phase = 'closed';
    this.#user = null;
    this.#services.deadlines.forget(this);
    this.#socket.destroy();
  }

  onDeadline(): void {
    if (this.#phase === 'idle') this.destroy();
    else this.#fail('timeout');
  }

  onBytes(bytes: Buffer, length: number): void {
    switch (this.#phase) {
      case 'head':
        this.deadlineMs = this.#services.deadlines.in(this.#readMs);
        this.#readHead(bytes, length);
        return;
      case 'body':
        this.deadlineMs = this.#services.deadlines.in(this.#readMs);
        this.#user?.onAnswerBytes(bytes, 0, length);
        return;
      case 'idle':
        // Nobody has asked for anything: whatever this is, it is not the answer to the next call.
        this.destroy();
        return;
      case 'closed':
    }
  }

  onWritten(): void {
    this.deadlineMs = this.#services.deadlines.in(this.#readMs);
    this.#user?.onUpstreamWritten();
  }

  onEnd(): void {
    this.onClose();
  }

  onClose(): void {
    const user = this.#user;
    if (this.#phase === 'body') {
      this.destroy();
      user?.onAnswerEnded(null);
      return;
    }
    this.#fail(this.#kept === null ? 'closed' : 'reset');
  }

  #readHead(bytes: Buffer, length: number): void {
    const whole = this.#kept === null ? bytes : Buffer.concat([this.#kept, bytes.subarray(0, length)]);
    const end = this.#kept === null ? length : whole.length;
    this.#kept = null;
    const { responseReader } = this.#services;
    let start = 0;
    for (;;) {
      const headEnd = responseReader.read(whole, start, end);
      if (headEnd === incomplete) {
        this.#kept = Buffer.from(whole.subarray(start, end));
        return;
      }
      if (headEnd < 0) {
        this.#fail('malformed');
        return;
      }
      const user = this.#user;
      if (responseReader.status >= 200 || responseReader.status === 101) {
        this.#phase = 'body';
        user?.onAnswer(responseReader, whole, headEnd, end);
        return;
      }
      user?.onInterim(responseReader, whole);
      if (this.#user === null || headEnd === end) return;
      start = headEnd;
    }
  }

  #fail(reason: UpstreamFailure): void {
    const user = this.#user;
    this.destroy();
    user?.onUpstreamFailed(reason);
  }
}
