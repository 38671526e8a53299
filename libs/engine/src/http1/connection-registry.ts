import type { Socket as NetSocket } from 'node:net';
import type { ConnectionFacts } from './admission.ts';

/** A client's connection, as the port that it came through knows it. */
export interface OpenConnection {
  /** Ends the connection once the calls under way are over. */
  drain(): void;
  /** Closes the connection whatever it does; calls under way count as they stand. */
  cut(): void;
}

/** What keeps count of the connections. */
export interface ConnectionRegistry {
  readonly isDraining: boolean;
  closed(connection: OpenConnection): void;
  /** HTTP/2 is spoken from now on; everything that came is to be read again. */
  becameHttp2(connection: OpenConnection, socket: NetSocket, facts: ConnectionFacts): void;
}
