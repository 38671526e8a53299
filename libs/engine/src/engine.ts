import type { UsageRow } from '@tollgate/contracts/dataplane';
import { type GatewayResource, gatewayGroupSettingsSchema, type Sequence } from '@tollgate/contracts/gateway';
import { Ledger } from './account/ledger.ts';
import { type ApplyResult, type CompileFault, GroupCompiler, type GroupDelta } from './compile/group-compiler.ts';
import type { Program } from './compile/program.ts';
import { DateField } from './http1/date-field.ts';
import { HeadReader } from './http1/head-reader.ts';
import { HttpListener, type Listener, type ListenerServices } from './http1/http-listener.ts';
import { RequestIds } from './http1/request-ids.ts';
import { ResponseReader } from './http1/response-reader.ts';
import { TextCache } from './http1/text-cache.ts';
import { defaultLimits, type EngineLimits } from './execute/limits.ts';
import type { AddressSet } from './matching/address-set.ts';
import { HostMap } from './matching/host-map.ts';
import { type EngineMetrics, silentMetrics } from './metrics.ts';
import type { AnyPolicy } from './policy/define-policy.ts';
import { PolicyRegistry } from './policy/policy-set.ts';
import type { EntranceRules } from './proxy-protocol/entrance.ts';
import type { UsageStream } from './quota/quota-table.ts';
import { type ChosenSockets, chooseSockets, type SocketChoice } from './sockets/choose-sockets.ts';
import { Deadlines } from './sockets/deadlines.ts';
import { ConnectionLimits } from './sockets/connection-limits.ts';
import type { StaplerServices } from './sockets/ocsp/stapler.ts';
import { listenTls } from './sockets/tls-listener.ts';
import type { KeyPair } from './sockets/tls-sockets.ts';
import { GroupsDirectory } from './stream/groups-directory.ts';
import { type StreamKind, StreamPorts } from './stream/stream-ports.ts';
import { type AddressGuard, allowAllAddresses } from './upstream/address-guard.ts';
import { Connector } from './upstream/connector.ts';
import type { HealthUpdate } from './upstream/health/health-board.ts';
import type { UpstreamEnvironment } from './upstream/upstream-environment.ts';
import { type UpstreamOptions, UpstreamSide, type UpstreamStatus } from './upstream/upstream-side.ts';

/** What an engine is made of. */
export interface EngineOptions extends UpstreamOptions {
  readonly policies: readonly AnyPolicy[];
  /** True on a data plane that serves several tenants: policies forbidden there are refused. Default false. */
  readonly isShared?: boolean;
  readonly limits?: Partial<EngineLimits>;
  /** Default: every address is allowed. */
  readonly guard?: AddressGuard;
  readonly metrics?: EngineMetrics;
  /** The page that explains error codes, for the `type` of problem documents. */
  readonly docsUrl?: string;
  /** How to do TCP; default: raw handles if they pass their self-test. */
  readonly sockets?: SocketChoice;
  /** Milliseconds since the epoch; default the system clock. */
  readonly clock?: () => number;
}

/** Where to listen, and who may connect. */
export interface ListenOptions {
  /** Default: loopback. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Proxies that must begin every connection with a PROXY protocol header; nobody else may connect. Default: nobody speaks it. */
  readonly proxies?: AddressSet;
}

/** State of one group on this data plane. */
export interface GroupStatus {
  readonly groupId: string;
  /** False until the group's settings have arrived. */
  readonly isServing: boolean;
  readonly hosts: readonly string[];
  readonly sequences: Readonly<Record<Sequence, { readonly hash: string; readonly resources: number }>>;
  /** When the access state was last confirmed, milliseconds since the epoch; null = never. */
  readonly accessConfirmedAt: number | null;
}

/** State of the engine. */
export interface EngineStatus extends UpstreamStatus {
  readonly groups: readonly GroupStatus[];
  /** Calls counted since the start. */
  readonly callsCounted: number;
  /** Open connections of clients. */
  readonly connections: number;
  readonly isDraining: boolean;
  /** How TCP is done and, where raw handles were tried in vain, why not by them. */
  readonly sockets: { readonly kind: 'raw' | 'net'; readonly fallbackReason: string | null };
}

interface Group {
  readonly compiler: GroupCompiler;
  hosts: readonly string[];
  accessConfirmedAt: number | null;
}

/** The data plane's core: groups in, sockets out, calls counted. */
export class Engine {
  readonly #registry: PolicyRegistry;
  readonly #isShared: boolean;
  readonly #limits: EngineLimits;
  readonly #metrics: EngineMetrics;
  readonly #clock: () => number;
  readonly #docsUrl: string;
  readonly #ledger = new Ledger();
  readonly #groups = new Map<string, Group>();
  readonly #listeners: HttpListener[] = [];
  readonly #chosen: ChosenSockets;
  readonly #http: ListenerServices;
  readonly #stapling: StaplerServices;
  readonly #streams: StreamPorts;
  readonly #upstreamSide: UpstreamSide;
  readonly #upstreams: UpstreamEnvironment;
  #groupsByHost = HostMap.empty<Group>();
  /** Raised with every change of what hosts lead to. */
  #generation = 0;
  #clockOffsetMs = 0;
  #usageStream: UsageStream | null = null;
  #isDraining = false;

  constructor(options: EngineOptions, chosen: ChosenSockets) {
    const { guard = allowAllAddresses, metrics = silentMetrics, clock = Date.now } = options;
    this.#isShared = options.isShared ?? false;
    this.#registry = new PolicyRegistry(options.policies, { isShared: this.#isShared });
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#metrics = metrics;
    this.#clock = clock;
    this.#docsUrl = options.docsUrl ?? '/docs/errors';
    this.#chosen = chosen;
    const { sockets, scratch } = chosen;
    const deadlines = new Deadlines();
    const texts = new TextCache();
    const generation = () => this.#generation;
    this.#upstreamSide = new UpstreamSide(options, { metrics, now: clock });
    this.#http = {
      limits: this.#limits,
      ledger: this.#ledger,
      metrics,
      docsUrl: this.#docsUrl,
      now: () => this.#now(),
      directory: {
        get generation() {
          return generation();
        },
        findProgram: (host) => this.#findProgram(host),
        isAccessStale: (program) => this.#isAccessStale(program),
      },
      scratch,
      deadlines,
      connector: new Connector({ sockets, scratch, deadlines, guard, names: this.#upstreamSide.names }),
      headReader: new HeadReader(this.#limits.headLimitBytes, texts),
      responseReader: new ResponseReader(this.#limits.upstreamHeadLimitBytes),
      date: new DateField(deadlines),
      requestIds: new RequestIds(),
      texts,
      connectionLimits: new ConnectionLimits({
        ...this.#limits,
        ...(this.#isShared ? {} : { connectionsPerTenant: Infinity }),
      }),
    };
    this.#stapling = { guard, now: clock };
    this.#streams = new StreamPorts({
      ...this.#http,
      sockets,
      guard,
      stapling: this.#stapling,
      directory: new GroupsDirectory(() => this.#programs(), this.#http.directory),
    });
    this.#upstreams = this.#upstreamSide.environment(this.#http);
  }

  /**
   * Puts a snapshot or delta of one sequence of a group in force, between two requests, or refuses it as a whole and leaves
   * the group as it was. Access state counts as confirmed by it.
   */
  apply(groupId: string, sequence: Sequence, delta: GroupDelta): ApplyResult {
    const taken = this.#hostsTakenByOthers(groupId, delta);
    if (taken.length > 0) return { ok: false, reason: 'invalid', faults: taken };
    const group = this.#groups.get(groupId) ?? this.#createGroup(groupId);
    const result = group.compiler.apply(sequence, delta);
    if (!result.ok) return result;
    this.#generation++;
    this.#groups.set(groupId, group);
    this.#announceHosts(group);
    if (sequence === 'access') group.accessConfirmedAt = this.#now();
    return result;
  }

  /** Stops serving a group and forgets it. */
  removeGroup(groupId: string): void {
    const group = this.#groups.get(groupId);
    if (group === undefined) return;
    this.#generation++;
    this.#groups.delete(groupId);
    this.#groupsByHost = this.#groupsByHost.with(new Map(group.hosts.map((host) => [host, undefined])));
    group.compiler.dispose();
  }

  /** The resources in force as they came, for the disk cache. */
  *resources(groupId: string, sequence: Sequence): Generator<GatewayResource> {
    yield* this.#groups.get(groupId)?.compiler.resources(sequence) ?? [];
  }

  /**
   * The control plane has said that the access state of all groups is the newest (a ping, or the end of a delta).
   * @param at when it did, milliseconds since the epoch; given for state that was read from disk.
   */
  confirmAccess(at = this.#now()): void {
    for (const group of this.#groups.values()) group.accessConfirmedAt = at;
  }

  /** Corrects the minutes of usage by the offset measured against the control plane, in milliseconds. */
  setClockOffset(offsetMs: number): void {
    this.#clockOffsetMs = offsetMs;
  }

  /** Starts to listen for HTTP. */
  async listenHttp({ host = '127.0.0.1', port, proxies }: ListenOptions): Promise<Listener> {
    const listener = this.#newListener({ proxies: proxies ?? null, tellsWhy: true });
    const facts = { scheme: 'http', tls: null } as const;
    const { sockets } = this.#chosen;
    return listener.attach(await sockets.listen({ host, port }, (socket) => listener.accept(socket, facts)), 'http');
  }

  /**
   * Starts to listen for HTTPS with the certificates of the groups, picked by server name; the default one stands in. Engines with the same
   * `ticketKeys` (a secret of any length) resume each other's sessions.
   */
  async listenHttps(
    options: ListenOptions & { readonly defaultCertificate?: KeyPair; readonly ticketKeys?: Uint8Array },
  ): Promise<Listener> {
    const { host = '127.0.0.1', port, proxies, defaultCertificate, ticketKeys } = options;
    // A handshake costs more than a client with too many connections is worth.
    const listener = this.#newListener({ proxies: proxies ?? null, tellsWhy: false });
    const { scratch, deadlines } = this.#http;
    const listening = await listenTls(
      { host, port },
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
    const { host = '127.0.0.1', port, proxies } = options;
    return this.#streams.listen(kind, { host, port }, proxies ?? null);
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
    this.#usageStream = stream;
  }

  /** Drained rows went into a batch of this process. */
  usageSealed(sequence: number, rows: readonly UsageRow[]): void {
    for (const row of rows) this.#groups.get(row.groupId)?.compiler.quotas.seal(sequence, row);
  }

  /** The batch was refused: its rows will go into another one, but for those that are given up. */
  usageUnsealed(sequence: number, givenUp: readonly UsageRow[]): void {
    for (const [groupId, { compiler }] of this.#groups) {
      const lost = new Map<string, number>();
      for (const { consumer, billable } of givenUp.filter((row) => row.groupId === groupId)) {
        if (consumer !== null) lost.set(consumer, (lost.get(consumer) ?? 0) + billable);
      }
      compiler.quotas.unseal(sequence, lost);
    }
  }

  /** Has `listener` told of verdicts about nodes that are made here; the update can be sent to other threads. */
  whenHealthChanged(listener: (update: HealthUpdate) => void): void {
    this.#upstreamSide.board.whenChanged(listener);
  }

  /**
   * Takes over verdicts of another engine that serves the same groups; nobody is told of them. Every update of one engine belongs to all
   * others: the one that probes must hear what calls elsewhere have shown, or it could never find a node healthy again.
   */
  applyHealth(update: HealthUpdate): void {
    this.#upstreamSide.board.apply(update);
  }

  /** The nodes that are not healthy, as an update for an engine that starts beside this one. */
  healthSnapshot(): HealthUpdate {
    return this.#upstreamSide.board.snapshot();
  }

  status(): EngineStatus {
    const groups = [...this.#groups].map(([groupId, { compiler, hosts, accessConfirmedAt }]): GroupStatus => ({
      groupId,
      isServing: compiler.program !== null,
      hosts,
      accessConfirmedAt,
      sequences: {
        revision: { hash: compiler.hash('revision'), resources: compiler.count('revision') },
        access: { hash: compiler.hash('access'), resources: compiler.count('access') },
      },
    }));
    const { sockets, fallbackReason } = this.#chosen;
    return {
      groups,
      callsCounted: this.#ledger.total,
      connections: this.#http.connectionLimits.open,
      isDraining: this.#isDraining,
      ...this.#upstreamSide.status(),
      sockets: { kind: sockets.kind, fallbackReason },
    };
  }

  /** Stops accepting, lets calls under way finish within the time, cuts what is left. Drain the ledger afterwards. */
  async close({ withinMs = 10_000 }: { withinMs?: number } = {}): Promise<void> {
    this.#isDraining = true;
    await Promise.all([this.#streams, ...this.#listeners].map((listener) => listener.close(withinMs)));
    for (const { compiler } of this.#groups.values()) compiler.dispose();
  }

  #now(): number {
    return this.#clock() + this.#clockOffsetMs;
  }

  #createGroup(groupId: string): Group {
    const quota = {
      now: () => this.#now(),
      stream: () => this.#usageStream,
      heardAt: () => this.#groups.get(groupId)?.accessConfirmedAt ?? null,
    };
    const environment = {
      registry: this.#registry,
      isShared: this.#isShared,
      metrics: this.#metrics,
      now: this.#clock,
      quota,
      upstreams: this.#upstreams,
    };
    return { compiler: new GroupCompiler(groupId, environment), hosts: [], accessConfirmedAt: null };
  }

  #newListener(rules: EntranceRules): HttpListener {
    const listener = new HttpListener(this.#http, rules);
    this.#listeners.push(listener);
    return listener;
  }

  #findProgram(host: string): Program | undefined {
    return this.#groupsByHost.find(host, (group) => group.compiler.program ?? undefined);
  }

  #findCertificate(serverName: string) {
    return this.#findProgram(serverName)?.certificates.byName.find(serverName, (host) => host);
  }

  #programs(): Program[] {
    return [...this.#groups.values()].flatMap(({ compiler }) => compiler.program ?? []);
  }

  #isAccessStale({ groupId, settings }: Program): boolean {
    if (settings.maxAccessAgeSeconds === undefined) return false;
    const confirmedAt = this.#groups.get(groupId)?.accessConfirmedAt ?? null;
    return confirmedAt === null || this.#now() - confirmedAt > settings.maxAccessAgeSeconds * 1000;
  }

  #announceHosts(group: Group): void {
    const hosts = group.compiler.program?.settings.hosts ?? [];
    if (hosts === group.hosts) return;
    const gone = group.hosts.map((host) => [host, undefined] as const);
    const served = hosts.map((host) => [host, group] as const);
    this.#groupsByHost = this.#groupsByHost.with(new Map<string, Group | undefined>([...gone, ...served]));
    group.hosts = hosts;
  }

  #hostsTakenByOthers(groupId: string, { put = [] }: GroupDelta): CompileFault[] {
    return put
      .filter(({ kind }) => kind === 'group_settings')
      .flatMap(({ kind, id, value }) => {
        const hosts = gatewayGroupSettingsSchema.safeParse(value).data?.hosts ?? [];
        return hosts.flatMap((host, index) => {
          const holder = this.#groupsByHost.get(host);
          if (holder === undefined || holder === this.#groups.get(groupId)) return [];
          return [{ kind, id, pointer: `/hosts/${index}`, message: `${host} belongs to another group` }];
        });
      });
  }
}

/** Makes an engine; it serves once it has groups and listens. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  return new Engine(options, await chooseSockets(options.sockets ?? 'auto'));
}
