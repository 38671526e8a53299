import type { WireAnswer } from '../../http/answer-parser.ts';
import { KeptConnection } from '../actors/kept-connection.ts';

/** Where the gateway is. */
export interface GatewayPorts {
  readonly port: number;
  readonly tlsPort: number;
}

/** Calls a gateway on kept connections and keeps the book of what was answered. */
export class Caller {
  readonly #made = new Map<number, number>();
  readonly #idle: KeptConnection[] = [];

  readonly #ports: GatewayPorts;

  constructor(ports: GatewayPorts) {
    this.#ports = ports;
  }

  /** Answered calls by status. */
  get made(): ReadonlyMap<number, number> {
    return this.#made;
  }

  /** Makes a call. @throws NoAnswer */
  async ask(request: string): Promise<WireAnswer> {
    const connection = this.#takeIdle() ?? (await KeptConnection.open({ port: this.#ports.port }));
    const answer = this.#note(await connection.ask(request));
    if (connection.isOpen) this.#idle.push(connection);
    return answer;
  }

  /** Works with a connection of its own over TLS; calls on it are in the book. */
  async onNewTls<T>(
    serverName: string,
    work: (connection: Pick<KeptConnection, 'ask' | 'socket'>) => Promise<T>,
  ): Promise<T> {
    const connection = await KeptConnection.open({ port: this.#ports.tlsPort, serverName });
    const ask = async (request: Buffer | string): Promise<WireAnswer> => this.#note(await connection.ask(request));
    try {
      return await work({ ask, socket: connection.socket });
    } finally {
      connection.close();
    }
  }

  /** A connection of its own, whose calls are in the book; the caller closes it. */
  async open(serverName?: string): Promise<Pick<KeptConnection, 'ask' | 'socket' | 'close'>> {
    const { port, tlsPort } = this.#ports;
    const door = serverName === undefined ? { port } : { port: tlsPort, serverName };
    const connection = await KeptConnection.open(door);
    return {
      socket: connection.socket,
      ask: async (request, method) => this.#note(await connection.ask(request, method)),
      close: () => connection.close(),
    };
  }

  close(): void {
    for (const connection of this.#idle.splice(0)) connection.close();
  }

  #takeIdle(): KeptConnection | undefined {
    for (let one = this.#idle.pop(); one !== undefined; one = this.#idle.pop()) if (one.isOpen) return one;
    return undefined;
  }

  /** A call was answered. */
  noteMade(status: number): void {
    this.#made.set(status, (this.#made.get(status) ?? 0) + 1);
  }

  #note(answer: WireAnswer): WireAnswer {
    this.noteMade(answer.status);
    return answer;
  }
}
