import { type BoundSocket, Socket } from 'node:net';

/**
 * Node's internal TCP handles, which `node:net` is built on: reading and writing through them costs about half of what `net.Socket`
 * costs. They are no public interface, so this is the only file that knows them, {@link loadTcpBinding} checks their shape, and
 * `chooseSockets` tries them before they are used.
 */

/** A connected or listening TCP handle. Numbers that methods return are 0 or a negative error number. */
export interface TcpHandle {
  /** Ours: what the handle belongs to. */
  owner?: unknown;
  onread: (this: TcpHandle) => void;
  useUserBuffer(buffer: Uint8Array): void;
  readStart(): number;
  readStop(): number;
  writeBuffer(request: WriteRequest, bytes: Uint8Array): number;
  shutdown(request: ShutdownRequest): number;
  connect(request: ConnectRequest, address: string, port: number): number;
  connect6(request: ConnectRequest, address: string, port: number): number;
  setNoDelay(on: boolean): number;
  getpeername(into: { address?: string; port?: number }): number;
  getsockname(into: { address?: string; port?: number }): number;
  reset(done: () => void): number;
  close(): void;
}

export interface WriteRequest {
  oncomplete?: (this: WriteRequest, status: number) => void;
  /** Ours: what the completion is about, and the memory that must stay until then. */
  owner?: unknown;
  bytes?: Buffer;
}

export interface ConnectRequest {
  oncomplete: (status: number) => void;
}

export interface ShutdownRequest {
  oncomplete: (status: number) => void;
}

export interface TcpBinding {
  readonly newHandle: () => TcpHandle;
  readonly WriteRequest: new () => WriteRequest;
  readonly ConnectRequest: new () => ConnectRequest;
  readonly ShutdownRequest: new () => ShutdownRequest;
  /** Written by the latest read or write; its places are below. */
  readonly state: Int32Array;
  readonly readBytesOrError: number;
  readonly lastWriteWasAsync: number;
}

/** `UV_EOF`: the peer has sent its FIN. */
export const endOfFile = -4095;

interface TcpWrap {
  readonly TCP: new (type: number) => TcpHandle;
  readonly TCPConnectWrap: new () => ConnectRequest;
  readonly constants: { readonly SOCKET: number };
}

interface StreamWrap {
  readonly WriteWrap: new () => WriteRequest;
  readonly ShutdownWrap: new () => ShutdownRequest;
  readonly streamBaseState: Int32Array;
  readonly kReadBytesOrError: number;
  readonly kLastWriteWasAsync: number;
}

/** A socket of `node:net` on a handle that nobody reads from any more. What arrives goes past it, to `node:http2` on the handle itself. */
export function toNetSocket(handle: TcpHandle): Socket {
  delete handle.owner;
  return new Socket({ handle: handle as unknown as BoundSocket, allowHalfOpen: true });
}

/** Throws when this Node.js does not have the handles, or has others. */
export function loadTcpBinding(): TcpBinding {
  const { binding } = process as unknown as { binding: (name: string) => unknown };
  const tcp = binding.call(process, 'tcp_wrap') as TcpWrap;
  const stream = binding.call(process, 'stream_wrap') as StreamWrap;
  const newHandle = () => new tcp.TCP(tcp.constants.SOCKET);
  const probe = newHandle();
  for (const method of [
    'useUserBuffer',
    'readStart',
    'readStop',
    'writeBuffer',
    'shutdown',
    'connect',
    'reset',
  ] as const) {
    if (typeof probe[method] !== 'function') throw new Error(`TCP handles have no ${method}`);
  }
  probe.close();
  const { kReadBytesOrError: readBytesOrError, kLastWriteWasAsync: lastWriteWasAsync } = stream;
  if (typeof readBytesOrError !== 'number' || typeof lastWriteWasAsync !== 'number') {
    throw new Error('the state of TCP handles has another layout');
  }
  return {
    newHandle,
    WriteRequest: stream.WriteWrap,
    ConnectRequest: tcp.TCPConnectWrap,
    ShutdownRequest: stream.ShutdownWrap,
    state: stream.streamBaseState,
    readBytesOrError,
    lastWriteWasAsync,
  };
}
