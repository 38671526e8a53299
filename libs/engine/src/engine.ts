import type { TryOutcome, UsageRow } from '@tollgate/contracts/dataplane';
import type { Sequence } from '@tollgate/contracts/gateway';
import { Ledger } from './account/ledger.ts';
import type { ApplyResult, GroupDelta } from './compile/group-compiler.ts';
import type { ResourceText } from './compile/resource-text.ts';
import { defaultLimits, type EngineLimits } from './execute/limits.ts';
import { Groups, type GroupsOptions, type GroupStatus } from './groups.ts';
import { DateField } from './http1/date-field.ts';
import { HeadReader } from './http1/head-reader.ts';
import { HttpListener, type Listener, type ListenerServices } from './http1/http-listener.ts';
import { RequestIds } from './http1/request-ids.ts';
import { ResponseReader } from './http1/response-reader.ts';
import { TextCache } from './http1/text-cache.ts';
import type { AddressSet } from './matching/address-set.ts';
import { type EngineMetrics, silentMetrics } from './metrics.ts';
import type { EntranceRules } from './proxy-protocol/entrance.ts';
import type { UsageStream } from './quota/quota-table.ts';
import type { SharedPieces } from './shared-counters/shared-memory.ts';
import { type ChosenSockets, chooseSockets, type SocketChoice } from './sockets/choose-sockets.ts';
import { ConnectionLimits } from './sockets/connection-limits.ts';
import { Deadlines } from './sockets/deadlines.ts';
import type { StaplerServices } from './sockets/ocsp/stapler.ts';
import type { ListenAddress } from './sockets/socket.ts';
import { listenTls } from './sockets/tls-listener.ts';
import type { KeyPair } from './sockets/tls-sockets.ts';
import { GroupsDirectory } from './stream/groups-directory.ts';
import { type StreamKind, StreamPorts } from './stream/stream-ports.ts';
import { type AddressGuard, allowAllAddresses } from './upstream/address-guard.ts';
import { Connector } from './upstream/connector.ts';
import type { HealthUpdate } from './upstream/health/health-board.ts';
import { Trials, type TryOptions } from './trials/trials.ts';
import { type UpstreamOptions, UpstreamSide, type UpstreamStatus } from './upstream/upstream-side.ts';

/** What an engine is made of. */
export interface EngineOptions extends Omit<GroupsOptions, 'upstreams'>, UpstreamOptions {
  readonly limits?: Partial<EngineLimits>;
  /** Default: every address is allowed. */
  readonly guard?: AddressGuard;
  readonly metrics?: EngineMetrics;
  /** The page that explains error codes, for the `type` of problem documents. */
  readonly docsUrl?: string;
  /** How to do TCP; default: raw handles if they pass their self-test. */
  readonly sockets?: SocketChoice;
}

/** Where to listen, and who may connect. */
export interface ListenOptions extends Partial<ListenAddress> {
  /** 0 takes a free one. */
  readonly port: number;
  /** Proxies that must begin every connection with a PROXY protocol header; nobody else may connect. Default: nobody speaks it. */
  readonly proxies?: AddressSet;
}

/** State of the engine. */
export interface EngineStatus extends UpstreamStatus {
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

const loopback = '127.0.0.1';

/** The data plane's core: groups in, sockets out, calls counted. */
export class Engine {
  readonly #limits: EngineLimits;
  readonly #ledger = new Ledger();
  readonly #groups: Groups;
  readonly #listeners: HttpListener[] = [];
  readonly #chosen: ChosenSockets;
  readonly #http: ListenerServices;
  readonly #stapling: StaplerServices;
  readonly #streams: StreamPorts;
  readonly #upstreams: UpstreamSide;
  readonly #trials: Trials;
  readonly #isShared: boolean;
  #isDraining = false;

  constructor(options: EngineOptions, chosen: ChosenSockets) {
    const { guard = allowAllAddresses, metrics = silentMetrics, clock = Date.now, isShared = false } = options;
    this.#isShared = isShared;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#chosen = chosen;
    const { sockets, scratch } = chosen;
    const deadlines = new Deadlines();
    const texts = new TextCache();
    const generation = () => this.#groups.generation;
    this.#upstreams = new UpstreamSide(options, { metrics, now: clock });
    this.#http = {
      limits: this.#limits,
      ledger: this.#ledger,
      metrics,
      docsUrl: options.docsUrl ?? '/docs/errors',
      now: () => this.#groups.now(),
      directory: {
        get generation() {
          return generation();
        },
        findProgram: (host) => this.#groups.findProgram(host),
        isAccessStale: (program) => this.#groups.isAccessStale(program),
      },
      scratch,
      deadlines,
      connector: new Connector({ sockets, scratch, deadlines, guard, names: this.#upstreams.names }),
      headReader: new HeadReader(this.#limits.headLimitBytes, texts),
      responseReader: new ResponseReader(this.#limits.upstreamHeadLimitBytes),
      date: new DateField(deadlines),
      requestIds: new RequestIds(),
      texts,
      connectionLimits: new ConnectionLimits({
        ...this.#limits,
        ...(isShared ? {} : { connectionsPerTenant: Infinity }),
      }),
    };
    this.#groups = new Groups({ ...options, upstreams: this.#upstreams.environment(this.#http) });
    this.#trials = new Trials(this.#http, (groupId) => this.#groups.findById(groupId));
    this.#stapling = { guard, now: clock };
    this.#streams = new StreamPorts({
      ...this.#http,
      sockets,
      guard,
      stapling: this.#stapling,
      directory: new GroupsDirectory(() => this.#groups.programs(), this.#http.directory),
    });
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
  resources(groupId: string, sequence: Sequence): Generator<ResourceText> {
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
  async listenHttp({ proxies, ...address }: ListenOptions): Promise<Listener> {
    const listener = this.#newListener({ proxies: proxies ?? null, tellsWhy: true });
    const facts = { scheme: 'http', tls: null } as const;
    const { sockets } = this.#chosen;
    const full = { host: loopback, ...address };
    return listener.attach(await sockets.listen(full, (socket) => listener.accept(socket, facts)), 'http');
  }

  /**
   * Starts to listen for HTTPS with the certificates of the groups, picked by server name; the default one stands in. Engines with the same
   * `ticketKeys` (a secret of any length) resume each other's sessions.
   */
  async listenHttps(
    options: ListenOptions & { readonly defaultCertificate?: KeyPair; readonly ticketKeys?: Uint8Array },
  ): Promise<Listener> {
    const { proxies, defaultCertificate, ticketKeys, ...address } = options;
    // A handshake costs more than a client with too many connections is worth.
    const listener = this.#newListener({ proxies: proxies ?? null, tellsWhy: false });
    const { scratch, deadlines } = this.#http;
    const listening = await listenTls(
      { host: loopback, ...address },
      {
        scratch,
        deadlines,
        hostFor: (serverName) => this.#findCertificate(serverName),
        defaultCertificate,
        ticketKeys,
        handshakeTimeoutMs: this.#limits.headTimeoutMs,
        alpn: ['h2', 'http/1.1'],
        stapling: this.#stapling,
        enter: (socket, next) => listener.entrance.accept(socket, next),
      },
      ({ socket, lease, serverName, clientCertificate, isHttp2 }) =>
        listener.serve(socket, lease, { scheme: 'https', tls: { serverName, clientCertificate } }, isHttp2),
    );
    return listener.attach(listening, 'https');
  }

  /**
   * Starts to listen for what stream routes take. A name without a certificate in any group is refused on TLS ports.
   * @throws Error on a data plane that tenants share: a port cannot belong to several of them.
   */
  async listenStream(
    kind: StreamKind,
    options: ListenOptions,
  ): Promise<{ readonly host: string; readonly port: number }> {
    if (this.#isShared) throw new Error('stream ports are not allowed on a data plane that tenants share');
    const { proxies, ...address } = options;
    return this.#streams.listen(kind, { host: loopback, ...address }, proxies ?? null);
  }

  /** Plays a request as if a client had sent it, and tells why it got its answer; it counts like any other. Never rejects. */
  tryRequest(options: TryOptions): Promise<TryOutcome> {
    return this.#trials.run(options);
  }

  /** Counters since the last drain; each call is in exactly one drain. */
  drainLedger(): UsageRow[] {
    return this.#ledger.drain();
  }

  /** Drops the counters since the last drain; for where nobody collects them. */
  forgetLedger(): void {
    this.#ledger.forget();
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

  /** Has `listener` told of verdicts about nodes that are made here; the update can be sent to other threads. */
  whenHealthChanged(listener: (update: HealthUpdate) => void): void {
    this.#upstreams.board.whenChanged(listener);
  }

  /**
   * Takes over verdicts of another engine that serves the same groups; nobody is told of them. Every update of one engine belongs to all
   * others: the one that probes must hear what calls elsewhere have shown, or it could never find a node healthy again.
   */
  applyHealth(update: HealthUpdate): void {
    this.#upstreams.board.apply(update);
  }

  /** The nodes that are not healthy, as an update for an engine that starts beside this one. */
  healthSnapshot(): HealthUpdate {
    return this.#upstreams.board.snapshot();
  }

  status(): EngineStatus {
    const { sockets, fallbackReason } = this.#chosen;
    return {
      groups: this.#groups.status(),
      callsCounted: this.#ledger.total,
      connections: this.#http.connectionLimits.open,
      isDraining: this.#isDraining,
      sockets: { kind: sockets.kind, fallbackReason },
      ...this.#upstreams.status(),
    };
  }

  /** Stops accepting, lets calls under way finish within the time, cuts what is left. Drain the ledger afterwards. */
  async close({ withinMs = 10_000, idleMs = 0 }: CloseOptions = {}): Promise<void> {
    this.#isDraining = true;
    this.#trials.close();
    await Promise.all([
      this.#streams.close(withinMs),
      ...this.#listeners.map((listener) => listener.close(withinMs, idleMs)),
    ]);
    this.#groups.dispose();
  }

  #newListener(rules: EntranceRules): HttpListener {
    const listener = new HttpListener(this.#http, rules);
    this.#listeners.push(listener);
    return listener;
  }

  #findCertificate(serverName: string) {
    return this.#groups.findProgram(serverName)?.certificates.byName.find(serverName, (host) => host);
  }
}

/** Makes an engine; it serves once it has groups and listens. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  return new Engine(options, await chooseSockets(options.sockets ?? 'auto'));
}
