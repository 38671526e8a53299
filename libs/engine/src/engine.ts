import type { UsageRow } from '@tollgate/contracts/dataplane';
import type { GatewayResource, Sequence } from '@tollgate/contracts/gateway';
import { Ledger } from './account/ledger.ts';
import type { ApplyResult, GroupDelta } from './compile/group-compiler.ts';
import { defaultLimits, type EngineLimits } from './execute/limits.ts';
import { Groups, type GroupsOptions, type GroupStatus } from './groups.ts';
import { DateField } from './http1/date-field.ts';
import { HeadReader } from './http1/head-reader.ts';
import { HttpListener, type Listener } from './http1/http-listener.ts';
import { requestIds } from './http1/request-ids.ts';
import { ResponseReader } from './http1/response-reader.ts';
import type { HttpServices } from './http1/services.ts';
import { type EngineMetrics, silentMetrics } from './metrics.ts';
import type { UsageStream } from './quota/quota-table.ts';
import type { SharedPieces } from './shared-counters/shared-memory.ts';
import { type ChosenSockets, chooseSockets, type SocketChoice } from './sockets/choose-sockets.ts';
import { Deadlines } from './sockets/deadlines.ts';
import type { ListenAddress } from './sockets/socket.ts';
import { type KeyPair, listenTls } from './sockets/tls-sockets.ts';
import { type AddressGuard, allowAllAddresses } from './upstream/address-guard.ts';
import { Connector } from './upstream/connector.ts';

/** What an engine is made of. */
export interface EngineOptions extends GroupsOptions {
  readonly limits?: Partial<EngineLimits>;
  /** Default: every address is allowed. */
  readonly guard?: AddressGuard;
  readonly metrics?: EngineMetrics;
  /** The page that explains error codes, for the `type` of problem documents. */
  readonly docsUrl?: string;
  /** How to do TCP; default: raw handles if they pass their self-test. */
  readonly sockets?: SocketChoice;
}

/** State of the engine. */
export interface EngineStatus {
  readonly groups: readonly GroupStatus[];
  /** Calls counted since the start. */
  readonly callsCounted: number;
  /** Connections of clients that are open now. */
  readonly connections: number;
  readonly isDraining: boolean;
  /** How TCP is done and, where raw handles were tried in vain, why not by them. */
  readonly sockets: { readonly kind: 'raw' | 'net'; readonly fallbackReason: string | null };
}

/** How an engine ends; milliseconds. */
export interface CloseOptions {
  /** What is left after this time is cut. Default 10,000. */
  readonly withinMs?: number;
  /** Connections without a call may serve one more before they are closed, for so long: others serve on. Default 0. */
  readonly idleMs?: number;
}

/** The data plane's core: groups in, sockets out, calls counted. */
export class Engine {
  readonly #limits: EngineLimits;
  readonly #ledger = new Ledger();
  readonly #groups: Groups;
  readonly #listeners: HttpListener[] = [];
  readonly #chosen: ChosenSockets;
  readonly #http: HttpServices;
  #isDraining = false;

  constructor(options: EngineOptions, chosen: ChosenSockets) {
    const { guard = allowAllAddresses, metrics = silentMetrics } = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#chosen = chosen;
    const { sockets, scratch } = chosen;
    const deadlines = new Deadlines();
    this.#http = {
      limits: this.#limits,
      ledger: this.#ledger,
      metrics,
      docsUrl: options.docsUrl ?? '/docs/errors',
      now: () => this.#groups.now(),
      directory: {
        findProgram: (host) => this.#groups.findProgram(host),
        isAccessStale: (program) => this.#groups.isAccessStale(program),
      },
      scratch,
      deadlines,
      connector: new Connector({ sockets, scratch, deadlines, guard }),
      headReader: new HeadReader(this.#limits.headLimitBytes),
      responseReader: new ResponseReader(this.#limits.upstreamHeadLimitBytes),
      date: new DateField(deadlines),
      newRequestId: requestIds(),
    };
    this.#groups = new Groups(options);
  }

  /**
   * Puts a snapshot or delta of one sequence of a group in force, between two requests, or refuses it as a whole and leaves
   * the group as it was. Access state counts as confirmed by it.
   * @param pieces for a worker: what the primary took while it compiled the same.
   */
  apply(groupId: string, sequence: Sequence, delta: GroupDelta, pieces?: SharedPieces): ApplyResult {
    return this.#groups.apply(groupId, sequence, delta, pieces);
  }

  /** Stops serving a group and forgets it. */
  removeGroup(groupId: string): void {
    this.#groups.remove(groupId);
  }

  /** The resources in force as they came, for the disk cache. */
  resources(groupId: string, sequence: Sequence): Generator<GatewayResource> {
    return this.#groups.resources(groupId, sequence);
  }

  /**
   * The control plane has said that the access state of all groups is the newest (a ping, or the end of a delta).
   * @param at when it did, milliseconds since the epoch; given for state that was read from disk.
   * @param groupId given where only one group's state was.
   */
  confirmAccess(at?: number, groupId?: string): void {
    this.#groups.confirmAccess(at, groupId);
  }

  /** Corrects the minutes of usage by the offset measured against the control plane, in milliseconds. */
  setClockOffset(offsetMs: number): void {
    this.#groups.setClockOffset(offsetMs);
  }

  /** Starts to listen for HTTP. */
  async listenHttp(address: Partial<ListenAddress> & { port: number }): Promise<Listener> {
    const listener = this.#newListener();
    const facts = { scheme: 'http', serverName: null } as const;
    const { sockets } = this.#chosen;
    const full = { host: '127.0.0.1', ...address };
    return listener.attach(await sockets.listen(full, (socket) => listener.accept(socket, facts)), 'http');
  }

  /**
   * Starts to listen for HTTPS with the certificates of the groups, picked by server name; the default one stands in. Engines with the same
   * 48 bytes of `ticketKeys` resume each other's sessions.
   */
  async listenHttps(
    options: Partial<ListenAddress> & { port: number; defaultCertificate?: KeyPair; ticketKeys?: Uint8Array },
  ): Promise<Listener> {
    const { defaultCertificate, ticketKeys, ...address } = options;
    const listener = this.#newListener();
    const listening = await listenTls(
      this.#chosen.scratch,
      { host: '127.0.0.1', ...address },
      {
        contextFor: (serverName) => this.#findCertificate(serverName),
        defaultCertificate,
        ticketKeys,
        handshakeTimeoutMs: this.#limits.headTimeoutMs,
      },
      (socket, serverName) => listener.accept(socket, { scheme: 'https', serverName }),
    );
    return listener.attach(listening, 'https');
  }

  /** Counters since the last drain; each call is in exactly one drain. */
  drainLedger(): UsageRow[] {
    return this.#ledger.drain();
  }

  /** Has `listener` told, in the turn of the event loop in which it ended, of a call that is the first since the last drain. */
  whenCounted(listener: () => void): void {
    this.#ledger.whenCounted(listener);
  }

  /** Names the batches that usage of this process goes into; before any lease, which tells up to which of them calls are known. */
  setUsageStream(stream: UsageStream): void {
    this.#groups.setUsageStream(stream);
  }

  /** Drained rows went into a batch of this process. */
  usageSealed(sequence: number, rows: readonly UsageRow[]): void {
    this.#groups.usageSealed(sequence, rows);
  }

  /** The batch was refused: its rows will go into another one, but for those that are given up. */
  usageUnsealed(sequence: number, givenUp: readonly UsageRow[]): void {
    this.#groups.usageUnsealed(sequence, givenUp);
  }

  status(): EngineStatus {
    const { sockets, fallbackReason } = this.#chosen;
    return {
      groups: this.#groups.status(),
      callsCounted: this.#ledger.total,
      connections: this.#listeners.reduce((sum, { connections }) => sum + connections, 0),
      isDraining: this.#isDraining,
      sockets: { kind: sockets.kind, fallbackReason },
    };
  }

  /** Stops accepting, lets calls under way finish within the time, cuts what is left. Drain the ledger afterwards. */
  async close({ withinMs = 10_000, idleMs = 0 }: CloseOptions = {}): Promise<void> {
    this.#isDraining = true;
    await Promise.all(this.#listeners.map((listener) => listener.close(withinMs, idleMs)));
    this.#groups.dispose();
  }

  #newListener(): HttpListener {
    const listener = new HttpListener(this.#http);
    this.#listeners.push(listener);
    return listener;
  }

  #findCertificate(serverName: string) {
    return this.#groups.findProgram(serverName)?.certificates.find(serverName, (context) => context);
  }
}

/** Makes an engine; it serves once it has groups and listens. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  return new Engine(options, await chooseSockets(options.sockets ?? 'auto'));
}
