import type { Program } from '../compile/program.ts';
import { byPrecedence, type StreamFacts } from '../compile/stream-routes.ts';
import type { TlsHost } from '../sockets/tls-servers.ts';
import type { StreamDirectory, StreamMatch } from './stream-directory.ts';

/** Finds streams among all groups of a data plane: a stream has no host that would name its group. */
export class GroupsDirectory implements StreamDirectory {
  constructor(
    private readonly programs: () => readonly Program[],
    private readonly access: Pick<StreamDirectory, 'isAccessStale'>,
  ) {}

  findStream(facts: StreamFacts): StreamMatch | undefined {
    let best: StreamMatch | undefined;
    for (const program of this.programs()) {
      const route = program.streams.find(facts);
      if (route === undefined) continue;
      if (best === undefined || byPrecedence(route, best.route) < 0) best = { program, route };
    }
    return best;
  }

  asksForServerName(serverPort: number): boolean {
    return this.programs().some(({ streams }) => streams.asksForServerName(serverPort));
  }

  findHost(serverName: string): TlsHost | undefined {
    for (const { certificates } of this.programs()) {
      const found = certificates.byName.find(serverName, (host) => host);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  isAccessStale(program: Program): boolean {
    return this.access.isAccessStale(program);
  }
}
