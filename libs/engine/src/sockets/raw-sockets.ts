import { createServer, isIPv6 } from 'node:net';
import { getSystemErrorName } from 'node:util';
import { startListening } from './listening.ts';
import { type RawContext, RawSocket } from './raw-socket.ts';
import type { Scratch } from './scratch.ts';
import type {
  ConnectEvents,
  Connecting,
  ConnectTarget,
  ListenAddress,
  ListeningSocket,
  Socket,
  Sockets,
} from './socket.ts';
import { loadTcpBinding, type TcpHandle } from './tcp-binding.ts';

/** A server whose new connections can be taken over as handles. */
interface ServerInside {
  readonly _handle: { onconnection: (status: number, handle: TcpHandle | undefined) => void };
}

/** TCP on raw handles. Throws when this Node.js does not have them. */
export function rawSockets(scratch: Scratch): Sockets {
  const context: RawContext = { binding: loadTcpBinding(), scratch, spareRequest: null };
  return {
    kind: 'raw',
    listen: (address, accept) => listen(address, (handle) => accept(new RawSocket(handle, context))),
    connect: (target, events) => connect(context, target, events),
  };
}

async function listen(address: ListenAddress, accept: (handle: TcpHandle) => void): Promise<ListeningSocket> {
  const server = createServer();
  const listening = await startListening(server, address);
  (server as unknown as ServerInside)._handle.onconnection = (status, handle) => {
    if (status !== 0 || handle === undefined) return;
    listening.accepted();
    accept(handle);
  };
  return listening;
}

function connect(context: RawContext, { address, port }: ConnectTarget, events: ConnectEvents): Connecting {
  const { binding } = context;
  const handle = binding.newHandle();
  const request = new binding.ConnectRequest();
  let isOver = false;
  const fail = (status: number) => {
    if (isOver) return;
    isOver = true;
    handle.close();
    events.failed(new Error(`connect ${getSystemErrorName(status)} ${address}:${port}`));
  };
  request.oncomplete = (status) => {
    if (isOver) return;
    if (status !== 0) {
      fail(status);
      return;
    }
    isOver = true;
    const socket: Socket = new RawSocket(handle, context);
    events.connected(socket);
  };
  const status = isIPv6(address) ? handle.connect6(request, address, port) : handle.connect(request, address, port);
  if (status !== 0) process.nextTick(fail, status);
  return {
    cancel() {
      if (isOver) return;
      isOver = true;
      handle.close();
    },
  };
}
