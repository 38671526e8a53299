import type { Socket as NetSocket } from 'node:net';

/** Who works with a connection. The callbacks never overlap, and come until the owner destroys the socket. */
export interface SocketOwner {
  /** Bytes 0 to `length` have arrived. They are valid until this returns: whatever is kept must be copied. */
  onBytes(bytes: Buffer, length: number): void;
  /** Everything that had been written and could not leave at once has left. */
  onWritten(): void;
  /** The peer sends no more; it may still read. */
  onEnd(): void;
  /** The connection is gone, and the owner did not ask for it. Nothing comes after this. */
  onClose(): void;
}

/**
 * A connected byte stream: raw TCP handles, or the sockets of `node:net` and `node:tls`. Writes go through the {@link Scratch} of the
 * process, so that one write costs one system call and no allocation.
 */
export interface Socket {
  /** IPv4 or IPv6 text; IPv4 is never mapped. Behind a trusted proxy it is set, once, to what the PROXY protocol tells. */
  peerAddress: string;
  readonly localAddress: string;
  readonly localPort: number;
  owner: SocketOwner;
  /**
   * Writes the first `length` bytes of the scratch buffer, which is free again when this returns.
   * @returns false when the peer is slower: stop reading the other side until {@link SocketOwner.onWritten}.
   */
  writeScratch(length: number): boolean;
  /** Stops reading; what the peer sends waits in the kernel. */
  pause(): void;
  resume(): void;
  /** Sends a FIN after what has been written; reading goes on. */
  end(): void;
  /** Closes both directions once everything written has left. */
  closeWhenWritten(): void;
  /** Closes at once; what was written may still arrive. */
  destroy(): void;
  /** Closes at once so that the peer notices that something is missing. */
  reset(): void;
  /**
   * Gives the connection up to a socket of `node:net` for `node:http2`, which gets `unread` first and takes the handle over from it; nobody
   * else can read from such a socket. Nothing may wait to be written.
   */
  toNetSocket(unread: Uint8Array): NetSocket;
}

/** For sockets between two owners. */
export const nobody: SocketOwner = { onBytes() {}, onWritten() {}, onEnd() {}, onClose() {} };

/** Where and how to connect. */
export interface ConnectTarget {
  /** An address, not a name. */
  readonly address: string;
  readonly port: number;
}

/** What becomes of an attempt to connect; exactly one of the two is called, once, never before `connect` has returned. */
export interface ConnectEvents {
  connected(socket: Socket): void;
  failed(cause: Error): void;
}

/** An attempt to connect that can be given up. */
export interface Connecting {
  cancel(): void;
}

/** A socket that listens. */
export interface ListeningSocket {
  readonly host: string;
  readonly port: number;
  /** Accepts nothing more; where others share the port, once it has accepted what the system had taken for it. Connections live on. */
  close(): Promise<void>;
}

/** Where to listen. */
export interface ListenAddress {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Other sockets that say so, too, may listen on the same port; the system spreads connections over them. Default false. */
  readonly reusePort?: boolean;
}

/** One way to do TCP. */
export interface Sockets {
  readonly kind: 'raw' | 'net';
  listen(address: ListenAddress, accept: (socket: Socket) => void): Promise<ListeningSocket>;
  connect(target: ConnectTarget, events: ConnectEvents): Connecting;
}
