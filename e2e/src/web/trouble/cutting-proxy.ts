import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A connection of its own to a server, which passes bytes on as they are and can be told to cut an answer short. */
export interface CuttingProxy {
  /** Like the server’s address, but through here. */
  readonly url: string;
  /** Answers to requests whose first line begins like this break off, before anything of them or in the middle of their body, until {@link mend}. */
  readonly cut: (requestLine: string, where: 'before' | 'inside') => void;
  readonly mend: () => void;
  /** How many answers were cut. */
  readonly cuts: () => number;
  readonly stop: () => Promise<void>;
}

/** Stands before the server at `target`. It knows no HTTP but the first line of a request; nothing is answered by itself. */
export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  let wanted: { requestLine: string; where: 'before' | 'inside' } | undefined;
  let cuts = 0;

  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    let cutting: 'before' | 'inside' | undefined;
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
      // Whoever is left is told by the other’s end.
      socket.on('error', () => undefined);
    }
    client.on('data', (bytes: Buffer) => {
      if (wanted !== undefined && bytes.toString('latin1').startsWith(wanted.requestLine)) cutting = wanted.where;
      upstream.write(bytes);
    });
    upstream.on('data', (bytes: Buffer) => {
      const kept = cutting === 'before' ? 0 : cutting === 'inside' ? middleOf(bytes) : undefined;
      if (kept === undefined) {
        client.write(bytes);
        return;
      }
      cuts += 1;
      client.write(bytes.subarray(0, kept), () => client.destroy());
      upstream.destroy();
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    url: `http://localhost:${address.port}`,
    cut: (requestLine, where) => (wanted = { requestLine, where }),
    mend: () => (wanted = undefined),
    cuts: () => cuts,
    stop: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The middle of what of a body is in these bytes; undefined for a head without any. */
function middleOf(bytes: Buffer): number | undefined {
  const head = bytes.indexOf('\r\n\r\n');
  const begin = head < 0 ? 0 : head + 4;
  return bytes.length > begin ? begin + Math.floor((bytes.length - begin) / 2) : undefined;
}
