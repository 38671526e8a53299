import type { CompiledStreamRoute } from '../compile/compiled-stream-route.ts';
import type { Program } from '../compile/program.ts';
import type { StreamFacts } from '../compile/stream-routes.ts';
import type { TlsHost } from '../sockets/tls-servers.ts';
import type { HashSource } from '../upstream/upstream-pool.ts';

/** Where a stream goes. */
export interface StreamMatch {
  readonly program: Program;
  readonly route: CompiledStreamRoute;
}

/** Finds what serves a stream. */
export interface StreamDirectory {
  findStream(facts: StreamFacts): StreamMatch | undefined;
  /** Whether server names decide about connections to the port, so that the client has to speak first. */
  asksForServerName(serverPort: number): boolean;
  /** The certificate with which TLS for a name ends here. */
  findHost(serverName: string): TlsHost | undefined;
  /** True when the group's access state is too old to be relied on. */
  isAccessStale(program: Program): boolean;
}

/** What consistent hashing can know of a stream. */
export function hashSourceOf(facts: StreamFacts): HashSource {
  const variables: Record<string, string | undefined> = {
    remote_addr: facts.clientAddress,
    server_addr: facts.serverAddress,
    server_port: String(facts.serverPort),
    ssl_server_name: facts.serverName ?? undefined,
  };
  return {
    variable: (name) => variables[name],
    header: () => undefined,
    cookie: () => undefined,
    consumerId: undefined,
    clientAddress: facts.clientAddress,
  };
}
