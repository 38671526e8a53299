import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import type { ListenAddress, ListeningSocket } from './socket.ts';

/** Connections the kernel keeps ready until they are accepted, one per turn of the event loop. */
const backlog = 4096;
/** A turn that takes no longer has looked for connections just now, milliseconds. */
const shortTurnMs = 0.2;
/** On a machine that is so busy that there is none, listening ends after this time anyway, milliseconds. */
const patienceMs = 500;

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
      if (address.reusePort === true) await untilQuiet(() => accepted);
      if (server.listening) server.close();
    },
  };
}

/**
 * What the kernel has established for a socket is reset when it closes, though others on the same port could serve it. So this waits for a
 * short turn of the event loop in which nothing came.
 */
async function untilQuiet(accepted: () => number): Promise<void> {
  const patientUntil = performance.now() + patienceMs;
  for (let now = performance.now(); now < patientUntil;) {
    const [before, startedAt] = [accepted(), now];
    await new Promise((resolve) => setImmediate(resolve));
    now = performance.now();
    if (accepted() === before && now - startedAt < shortTurnMs) return;
  }
}
