import { connect as connectNet, createServer } from 'node:net';
import { startListening } from './listening.ts';
import { NodeSocket } from './node-socket.ts';
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

/** TCP on the public sockets of `node:net`. */
export function nodeSockets(scratch: Scratch): Sockets {
  return {
    kind: 'net',
    listen: (address, accept) => listen(scratch, address, accept),
    connect: (target, events) => connect(scratch, target, events),
  };
}

async function listen(
  scratch: Scratch,
  address: ListenAddress,
  accept: (socket: Socket) => void,
): Promise<ListeningSocket> {
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) =>
    accept(new NodeSocket(socket, scratch)),
  );
  const listening = await startListening(server, address);
  server.on('connection', listening.accepted);
  return listening;
}

function connect(scratch: Scratch, { address, port }: ConnectTarget, events: ConnectEvents): Connecting {
  const socket = connectNet({ host: address, port, noDelay: true, allowHalfOpen: true });
  return watchConnecting(socket, 'connect', {
    ...events,
    connected: () => events.connected(new NodeSocket(socket, scratch)),
  });
}

/** Reports once whether a socket gets connected. */
export function watchConnecting(
  socket: ReturnType<typeof connectNet>,
  event: 'connect' | 'secureConnect',
  events: { connected(): void; failed(cause: Error): void },
): Connecting {
  const onError = (cause: Error) => {
    socket.removeAllListeners();
    socket.on('error', () => undefined);
    events.failed(cause);
  };
  socket.once('error', onError);
  socket.once('close', () => onError(new Error('the connection was closed while it was being made')));
  socket.once(event, () => {
    socket.removeAllListeners('error');
    socket.removeAllListeners('close');
    events.connected();
  });
  return {
    cancel() {
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.destroy();
    },
  };
}
