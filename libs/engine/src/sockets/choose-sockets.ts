import { connect, performServerHandshake } from 'node:http2';
import { nodeSockets } from './node-sockets.ts';
import { rawSockets } from './raw-sockets.ts';
import { Scratch } from './scratch.ts';
import { nobody, type Socket, type Sockets } from './socket.ts';

/** Which implementation of TCP to use; `auto` takes raw handles when they pass the self-test. */
export type SocketChoice = 'auto' | 'raw' | 'net';

/** The implementation in use and, where raw handles were tried in vain, why not they. */
export interface ChosenSockets {
  readonly sockets: Sockets;
  readonly scratch: Scratch;
  readonly fallbackReason: string | null;
}

const selfTestMs = 2000;
/** More than the kernel's socket buffers take at once, so that asynchronous writes are tried too. */
const selfTestBytes = 16 * 1024 * 1024;

/** Chooses how to do TCP. With `raw` a failed self-test is an error; with `auto` the public sockets stand in. */
export async function chooseSockets(choice: SocketChoice): Promise<ChosenSockets> {
  const scratch = new Scratch();
  if (choice === 'net') return { sockets: nodeSockets(scratch), scratch, fallbackReason: null };
  try {
    const sockets = rawSockets(scratch);
    await selfTest(sockets, scratch);
    await selfTestHandOver(sockets);
    return { sockets, scratch, fallbackReason: null };
  } catch (cause) {
    if (choice === 'raw') throw new Error('raw TCP handles do not work on this Node.js', { cause });
    const fallback = new Scratch();
    const fallbackReason = cause instanceof Error ? cause.message : String(cause);
    return { sockets: nodeSockets(fallback), scratch: fallback, fallbackReason };
  }
}

/** Sends numbered bytes over loopback with back-pressure, has them echoed, and ends with a FIN each way. */
export async function selfTest(sockets: Sockets, scratch: Scratch): Promise<void> {
  const outcome = Promise.withResolvers<void>();
  const timer = setTimeout(() => outcome.reject(new Error('the self-test took too long')), selfTestMs);
  const open: Socket[] = [];
  const listening = await sockets.listen({ host: '127.0.0.1', port: 0 }, (socket) => {
    open.push(socket);
    echo(socket, scratch);
  });
  sockets.connect(
    { address: '127.0.0.1', port: listening.port },
    {
      connected: (socket) => {
        open.push(socket);
        sendNumbered(socket, scratch, outcome);
      },
      failed: outcome.reject,
    },
  );
  try {
    await outcome.promise;
  } finally {
    clearTimeout(timer);
    for (const socket of open) socket.destroy();
    void listening.close();
  }
}

/** Hands both ends of a connection over to `node:http2`, one of them with bytes that were read of it already, and lets them greet. */
async function selfTestHandOver(sockets: Sockets): Promise<void> {
  const outcome = Promise.withResolvers<void>();
  const timer = setTimeout(() => outcome.reject(new Error('the self-test of HTTP/2 took too long')), selfTestMs);
  const open: { destroy(): void }[] = [];
  const listening = await sockets.listen({ host: '127.0.0.1', port: 0 }, (socket) => {
    const onBytes = (bytes: Buffer, length: number) => {
      const unread = Buffer.from(bytes.subarray(0, length));
      open.push(performServerHandshake(socket.toNetSocket(unread)).on('error', outcome.reject));
    };
    socket.owner = { ...nobody, onBytes };
    socket.resume();
  });
  const connected = (socket: Socket) => {
    const session = connect('http://127.0.0.1', { createConnection: () => socket.toNetSocket(Buffer.alloc(0)) });
    open.push(session.on('error', outcome.reject));
    session.once('remoteSettings', () => outcome.resolve());
  };
  sockets.connect({ address: '127.0.0.1', port: listening.port }, { connected, failed: outcome.reject });
  try {
    await outcome.promise;
  } finally {
    clearTimeout(timer);
    for (const session of open) session.destroy();
    void listening.close();
  }
}

function echo(socket: Socket, scratch: Scratch): void {
  socket.owner = {
    ...nobody,
    onBytes(bytes, length) {
      bytes.copy(scratch.bytes, 0, 0, length);
      if (!socket.writeScratch(length)) socket.pause();
    },
    onWritten: () => socket.resume(),
    onEnd: () => socket.end(),
  };
  socket.resume();
}

function sendNumbered(socket: Socket, scratch: Scratch, outcome: PromiseWithResolvers<void>): void {
  const piece = 64 * 1024;
  let sent = 0;
  let received = 0;
  const sendMore = () => {
    let isTaken = true;
    while (isTaken && sent < selfTestBytes) {
      for (let index = 0; index < piece; index += 4) scratch.bytes.writeUInt32LE(sent + index, index);
      isTaken = socket.writeScratch(piece);
      sent += piece;
    }
    if (sent === selfTestBytes && isTaken) socket.end();
  };
  socket.owner = {
    onBytes(bytes, length) {
      for (let index = (4 - (received % 4)) % 4; index + 4 <= length; index += 4) {
        if (bytes.readUInt32LE(index) !== received + index) outcome.reject(new Error('bytes came back changed'));
      }
      received += length;
    },
    onWritten: sendMore,
    onEnd: () => (received === selfTestBytes ? outcome.resolve() : outcome.reject(new Error('bytes were lost'))),
    onClose: () => outcome.reject(new Error('the connection broke')),
  };
  socket.resume();
  sendMore();
}
