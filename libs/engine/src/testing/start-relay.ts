import { chooseSockets } from '../sockets/choose-sockets.ts';
import type { Scratch } from '../sockets/scratch.ts';
import type { ListeningSocket, Socket, SocketOwner } from '../sockets/socket.ts';

/** One direction of a relay. */
class OneWay implements SocketOwner {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #scratch: Scratch;

  constructor(from: Socket, to: Socket, scratch: Scratch) {
    this.#from = from;
    this.#to = to;
    this.#scratch = scratch;
  }

  onBytes(bytes: Buffer, length: number): void {
    bytes.copy(this.#scratch.bytes, 0, 0, length);
    if (!this.#to.writeScratch(length)) this.#from.pause();
  }

  onWritten(): void {
    this.#to.resume();
  }

  onEnd(): void {
    this.onClose();
  }

  onClose(): void {
    this.#from.destroy();
    this.#to.destroy();
  }
}

/**
 * Passes bytes between each client and a connection of its own to the upstream, on the sockets of the engine and without looking at them: what
 * two reads and two writes cost in this runtime, which no proxy in it can be faster than. For measuring.
 */
export async function startRelay(port: number, upstreamPort: number): Promise<ListeningSocket> {
  const { sockets, scratch } = await chooseSockets('auto');
  return sockets.listen({ host: '127.0.0.1', port }, (client) => {
    client.pause();
    sockets.connect(
      { address: '127.0.0.1', port: upstreamPort },
      {
        failed: () => client.destroy(),
        connected: (upstream) => {
          client.owner = new OneWay(client, upstream, scratch);
          upstream.owner = new OneWay(upstream, client, scratch);
          upstream.resume();
          client.resume();
        },
      },
    );
  });
}
