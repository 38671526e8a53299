import {
  tryClientAddress,
  type TryOutcome,
  type TryRequest,
  type TryScope,
  tryTimeoutMs,
} from '@tollgate/contracts/dataplane';
import type { Program } from '../compile/program.ts';
import { ClientConnection } from '../http1/client-connection.ts';
import type { ConnectionRegistry, OpenConnection } from '../http1/connection-registry.ts';
import type { ListenerServices } from '../http1/http-listener.ts';
import type { HttpServices } from '../http1/services.ts';
import type { ConnectionLease } from '../sockets/connection-limits.ts';
import { NotAnswered, play } from './play.ts';
import { PlayedSocket } from './played-socket.ts';
import { Trial } from './trial.ts';

/** A request to be tried, and how. */
export interface TryOptions {
  readonly groupId: string;
  readonly request: TryRequest;
  /** Default: an address that is nobody's. */
  readonly clientAddress?: string | undefined;
  /** Default: every route of the group. */
  readonly scope?: TryScope | undefined;
  /** Default {@link tryTimeoutMs}. */
  readonly withinMs?: number;
}

const ports = { http: 80, https: 443 };
/** At the same time, in one process. */
const mostTrials = 16;

/**
 * Plays requests through the engine as if a client had sent them: the same parser, policies, upstreams and counters, on a connection
 * without a network whose one call is watched. No other connection knows of it.
 */
export class Trials {
  readonly #services: ListenerServices;
  readonly #findGroup: (groupId: string) => Program | undefined;
  readonly #open = new Map<OpenConnection, ConnectionLease>();

  constructor(services: ListenerServices, findGroup: (groupId: string) => Program | undefined) {
    this.#services = services;
    this.#findGroup = findGroup;
  }

  async run(options: TryOptions): Promise<TryOutcome> {
    const { groupId, request, withinMs = tryTimeoutMs } = options;
    const { directory, connectionLimits } = this.#services;
    const program = this.#findGroup(groupId);
    if (program === undefined) return failed('not-served', 'this data plane does not serve the gateway group');
    const host = (request.host ?? program.settings.hosts.find((name) => !name.includes('*')) ?? '').toLowerCase();
    if (directory.findProgram(host)?.groupId !== groupId) {
      return failed('foreign-host', `${host} does not lead to the gateway group`);
    }
    const lease = this.#open.size < mostTrials ? connectionLimits.enter() : null;
    if (lease === null) return failed('busy', 'this data plane has too many connections');
    const trial = new Trial(options.scope ?? null);
    const peerAddress = options.clientAddress ?? tryClientAddress;
    const socket = new PlayedSocket({ peerAddress, localPort: ports[request.scheme] }, this.#services.scratch);
    this.#serve(socket, { lease, program: trial.watch(program), scheme: request.scheme, serverName: host });
    try {
      const response = await play(socket.client, { request, host, withinMs });
      return { outcome: 'done', response, trace: trial.trace() };
    } catch (cause) {
      if (cause instanceof NotAnswered) return { outcome: 'done', response: null, trace: trial.trace() };
      return failed('broken', cause instanceof Error ? cause.message : String(cause));
    }
  }

  #serve(socket: PlayedSocket, { lease, program, scheme, serverName }: Served): void {
    const { directory } = this.#services;
    const services: HttpServices = {
      ...this.#services,
      directory: {
        generation: 0,
        findProgram: (host) => {
          const found = directory.findProgram(host);
          return found?.groupId === program.groupId ? program : found;
        },
        isAccessStale: (stale) => directory.isAccessStale(stale),
      },
    };
    const registry: ConnectionRegistry = {
      isDraining: false,
      closed: (closed) => {
        this.#open.get(closed)?.leave();
        this.#open.delete(closed);
      },
      becameHttp2: (closed) => registry.closed(closed),
    };
    const tls = scheme === 'https' ? { serverName, clientCertificate: null } : null;
    this.#open.set(new ClientConnection(socket, { facts: { scheme, tls, lease }, services, registry }), lease);
  }

  /** Cuts what is under way. */
  close(): void {
    for (const connection of [...this.#open.keys()]) connection.cut();
  }
}

/** A connection to be served. */
interface Served {
  readonly lease: ConnectionLease;
  /** As its call shall see it. */
  readonly program: Program;
  readonly scheme: TryRequest['scheme'];
  readonly serverName: string;
}

function failed(reason: Extract<TryOutcome, { outcome: 'failed' }>['reason'], detail: string): TryOutcome {
  return { outcome: 'failed', reason, detail };
}
