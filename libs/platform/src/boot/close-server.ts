import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** A connection may be this old before it has to have said something, when the server closes. */
const silenceMs = 500;

/**
 * Prepares a server for being closed while browsers are about: they connect ahead of need, and Node waits for what such a connection
 * may still ask.
 * @returns closes the server; resolves when every request in flight is answered.
 */
export function closerOf(server: Server): () => Promise<void> {
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  const endSilent = (): void => {
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
  };
  return async () => {
    server.closeIdleConnections();
    const timer = setTimeout(endSilent, silenceMs);
    await new Promise<void>((resolve) => server.close(() => resolve()));
    clearTimeout(timer);
  };
}
