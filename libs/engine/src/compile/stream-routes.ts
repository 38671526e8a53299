import type { CompiledStreamRoute, Transport } from './compiled-stream-route.ts';

/** What a stream is matched by. */
export interface StreamFacts {
  readonly transport: Transport;
  readonly clientAddress: string;
  readonly serverAddress: string;
  readonly serverPort: number;
  /** TLS server name in lower case, or null. */
  readonly serverName: string | null;
}

/** The stream routes of a group in the order in which they are asked. Immutable. */
export class StreamRoutes {
  readonly #byPort = new Map<number, readonly CompiledStreamRoute[]>();
  readonly #ofAnyPort: readonly CompiledStreamRoute[];

  constructor(routes: readonly CompiledStreamRoute[]) {
    const ordered = routes.toSorted(byPrecedence);
    this.#ofAnyPort = ordered.filter(({ serverPort }) => serverPort === null);
    for (const port of new Set(ordered.flatMap(({ serverPort }) => serverPort ?? []))) {
      this.#byPort.set(
        port,
        ordered.filter(({ serverPort }) => serverPort === null || serverPort === port),
      );
    }
  }

  /** The route that takes a stream. */
  find(facts: StreamFacts): CompiledStreamRoute | undefined {
    return this.#of(facts.serverPort).find((route) => takes(route, facts));
  }

  /** Whether server names decide about connections to the port, so that the client has to speak first. */
  asksForServerName(serverPort: number): boolean {
    return this.#of(serverPort).some(({ serverName }) => serverName !== null);
  }

  #of(serverPort: number): readonly CompiledStreamRoute[] {
    return this.#byPort.get(serverPort) ?? this.#ofAnyPort;
  }
}

export const noStreamRoutes = new StreamRoutes([]);

/**
 * Orders stream routes so that the first that matches is the one meant: by server name (exact, then longer wildcards, then none), then by
 * port, by the data plane's address, by clients, and at last by id. Of two sets of addresses neither is asked first.
 */
export function byPrecedence(a: CompiledStreamRoute, b: CompiledStreamRoute): number {
  return (
    nameRank(b) - nameRank(a) ||
    Number(b.serverPort !== null) - Number(a.serverPort !== null) ||
    Number(b.serverAddresses !== null) - Number(a.serverAddresses !== null) ||
    Number(b.clients !== null) - Number(a.clients !== null) ||
    (a.id < b.id ? -1 : 1)
  );
}

const exact = 1000;

function nameRank({ serverName }: CompiledStreamRoute): number {
  if (serverName === null) return 0;
  return serverName.startsWith('*') ? serverName.length : exact;
}

function takes(route: CompiledStreamRoute, facts: StreamFacts): boolean {
  return (
    (route.transport === null || route.transport === facts.transport) &&
    (route.serverName === null || isNamed(route.serverName, facts.serverName)) &&
    (route.serverAddresses?.has(facts.serverAddress) ?? true) &&
    (route.clients?.has(facts.clientAddress) ?? true)
  );
}

function isNamed(pattern: string, serverName: string | null): boolean {
  if (serverName === null) return false;
  return pattern.startsWith('*') ? serverName.endsWith(pattern.slice(1)) : serverName === pattern;
}
