import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import type { ListenAddress, ListeningSocket } from './socket.ts';

/** Connections the kernel keeps ready until they are accepted, one per turn of the event loop. */
const backlog = 4096;

/** A listening server that knows when the system has no more connections for it. */
export interface ServerListening extends ListeningSocket {
  /** To be told of each connection. */
  readonly accepted: () => void;
}

/** Lets a server listen. The connections belong to their owners, so closing it does not wait for them. */
export async function startListening(server: Server, address: ListenAddress): Promise<ServerListening> {
  server.listen({ ...address, backlog });
  await once(server, 'listening');
  const bound = server.address() as AddressInfo;
  let accepted = 0;
  return {
    host: bound.address,
    port: bound.port,
    accepted: () => void accepted++,
    async close() {
      if (!server.listening) return;
      // What the kernel has established for this socket is reset when it closes, though others on the same port could serve it.
      const mostTurns = address.reusePort === true ? backlog : 0;
      for (let turns = 0, before = -1; turns < mostTurns && accepted !== before; turns++) {
        before = accepted;
        await nextTurn();
        await nextTurn();
      }
      if (server.listening) server.close();
    },
  };
}

/** Resolves after the event loop has looked for what has arrived. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
