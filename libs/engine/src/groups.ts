import type { UsageRow } from '@tollgate/contracts/dataplane';
import { gatewayGroupSettingsSchema, type Sequence } from '@tollgate/contracts/gateway';
import { type ApplyResult, type CompileFault, GroupCompiler, type GroupDelta } from './compile/group-compiler.ts';
import type { Program } from './compile/program.ts';
import { readResource, type ResourceText } from './compile/resource-text.ts';
import { HostMap } from './matching/host-map.ts';
import { type CallMetrics, silentMetrics } from './metrics.ts';
import type { AnyPolicy } from './policy/define-policy.ts';
import { PolicyRegistry } from './policy/policy-set.ts';
import type { UsageStream } from './quota/quota-table.ts';
import { GroupCounters } from './shared-counters/group-counters.ts';
import type { SharedPieces } from './shared-counters/shared-memory.ts';
import type { UpstreamEnvironment } from './upstream/upstream-environment.ts';
import { alone, type WorkerPlace } from './shared-counters/worker-place.ts';

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

/** What groups are made with. */
export interface GroupsOptions {
  readonly policies: readonly AnyPolicy[];
  /** False where groups are only checked before others serve them: nothing is kept ready for calls, and no route is ever found. Default true. */
  readonly serves?: boolean;
  /** True on a data plane that serves several tenants: policies forbidden there are refused. Default false. */
  readonly isShared?: boolean;
  readonly metrics?: CallMetrics;
  /** Milliseconds since the epoch; default the system clock. */
  readonly clock?: () => number;
  /** Default: there are no other threads. */
  readonly place?: WorkerPlace;
  /** Absent where groups are only checked. */
  readonly upstreams?: UpstreamEnvironment;
}

interface Group {
  readonly compiler: GroupCompiler;
  readonly counters: GroupCounters;
  hosts: readonly string[];
  accessConfirmedAt: number | null;
}

/** The groups of a data plane, compiled. An engine serves them; the primary of several workers holds them to know what it may hand on. */
export class Groups {
  readonly #registry: PolicyRegistry;
  readonly #metrics: CallMetrics;
  readonly #clock: () => number;
  readonly #place: WorkerPlace;
  readonly #isShared: boolean;
  readonly #serves: boolean;
  readonly #upstreams: UpstreamEnvironment | undefined;
  readonly #groups = new Map<string, Group>();
  #byHost = HostMap.empty<Group>();
  /** Raised with every change of what hosts lead to. */
  #generation = 0;
  #clockOffsetMs = 0;
  #usageStream: UsageStream | null = null;

  constructor(options: GroupsOptions) {
    const { policies, isShared = false, metrics = silentMetrics, clock = Date.now, place = alone } = options;
    this.#serves = options.serves ?? true;
    this.#registry = new PolicyRegistry(policies, { isShared });
    this.#isShared = isShared;
    this.#upstreams = options.upstreams;
    this.#metrics = metrics;
    this.#clock = clock;
    this.#place = place;
  }

  get generation(): number {
    return this.#generation;
  }

  /** Milliseconds since the epoch, corrected by the clock offset. */
  now(): number {
    return this.#clock() + this.#clockOffsetMs;
  }

  /**
   * Puts a snapshot or delta of one sequence of a group in force, between two requests, or refuses it as a whole and leaves
   * the group as it was. Access state counts as confirmed by it.
   * @param pieces what the primary took while it compiled the same.
   */
  apply(groupId: string, sequence: Sequence, delta: GroupDelta, pieces?: SharedPieces): ApplyResult {
    const taken = this.#hostsTakenByOthers(groupId, delta);
    if (taken.length > 0) return { ok: false, reason: 'invalid', faults: taken };
    const group = this.#groups.get(groupId) ?? this.#create(groupId);
    if (pieces !== undefined) group.counters.memory.adopt(pieces);
    const result = group.compiler.apply(sequence, delta);
    if (!result.ok) return result;
    this.#generation++;
    this.#groups.set(groupId, group);
    this.#announceHosts(group);
    if (sequence === 'access') group.accessConfirmedAt = this.now();
    return result;
  }

  /** Stops serving a group and forgets it. */
  remove(groupId: string): void {
    const group = this.#groups.get(groupId);
    if (group === undefined) return;
    this.#generation++;
    this.#groups.delete(groupId);
    this.#byHost = this.#byHost.with(new Map(group.hosts.map((host) => [host, undefined])));
    group.compiler.dispose();
  }

  ids(): string[] {
    return [...this.#groups.keys()];
  }

  /** The resources in force as they came. */
  *resources(groupId: string, sequence: Sequence): Generator<ResourceText> {
    yield* this.#groups.get(groupId)?.compiler.resources(sequence) ?? [];
  }

  /** Memory that the group's counters took since the last time, for workers to adopt. */
  takeNewMemory(groupId: string): SharedPieces {
    return this.#groups.get(groupId)?.counters.memory.takeNews() ?? new Map();
  }

  /** All memory of the group's counters, for a worker that starts. */
  memoryOf(groupId: string): SharedPieces {
    return this.#groups.get(groupId)?.counters.memory.all() ?? new Map();
  }

  accessConfirmedAt(groupId: string): number | null {
    return this.#groups.get(groupId)?.accessConfirmedAt ?? null;
  }

  /** The control plane has said that the access state of all groups, or of one, is the newest. */
  confirmAccess(at = this.now(), groupId?: string): void {
    for (const [id, group] of this.#groups) {
      if (groupId === undefined || id === groupId) group.accessConfirmedAt = at;
    }
  }

  setClockOffset(offsetMs: number): void {
    this.#clockOffsetMs = offsetMs;
  }

  setUsageStream(stream: UsageStream): void {
    this.#usageStream = stream;
  }

  /** A worker has handed rows over. */
  usageReceived(workerId: number, rows: readonly UsageRow[]): void {
    for (const row of rows) this.#groups.get(row.groupId)?.compiler.quotas.received(workerId, row);
  }

  usageSealed(sequence: number, rows: readonly UsageRow[]): void {
    for (const row of rows) this.#groups.get(row.groupId)?.compiler.quotas.seal(sequence, row);
  }

  usageUnsealed(sequence: number, givenUp: readonly UsageRow[]): void {
    for (const [groupId, { compiler }] of this.#groups) {
      const lost = new Map<string, number>();
      for (const { consumer, billable } of givenUp.filter((row) => row.groupId === groupId)) {
        if (consumer !== null) lost.set(consumer, (lost.get(consumer) ?? 0) + billable);
      }
      compiler.quotas.unseal(sequence, lost);
    }
  }

  /** A worker has ended, and its calls under way with it. Its id may be given to another one then. */
  workerGone(workerId: number): void {
    for (const { compiler, counters } of this.#groups.values()) {
      counters.workerGone(workerId);
      compiler.quotas.workerGone(workerId);
    }
  }

  status(): GroupStatus[] {
    return [...this.#groups].map(([groupId, { compiler, hosts, accessConfirmedAt }]) => ({
      groupId,
      isServing: compiler.program !== null,
      hosts,
      accessConfirmedAt,
      sequences: {
        revision: { hash: compiler.hash('revision'), resources: compiler.count('revision') },
        access: { hash: compiler.hash('access'), resources: compiler.count('access') },
      },
    }));
  }

  findProgram(host: string): Program | undefined {
    return this.#byHost.find(host, (group) => group.compiler.program ?? undefined);
  }

  findById(groupId: string): Program | undefined {
    return this.#groups.get(groupId)?.compiler.program ?? undefined;
  }

  /** What is served now. */
  programs(): Program[] {
    return [...this.#groups.values()].flatMap(({ compiler }) => compiler.program ?? []);
  }

  isAccessStale({ groupId, settings }: Program): boolean {
    if (settings.maxAccessAgeSeconds === undefined) return false;
    const confirmedAt = this.accessConfirmedAt(groupId);
    return confirmedAt === null || this.now() - confirmedAt > settings.maxAccessAgeSeconds * 1000;
  }

  /** Lets go of everything that the groups hold. */
  dispose(): void {
    for (const { compiler } of this.#groups.values()) compiler.dispose();
  }

  #create(groupId: string): Group {
    const counters = new GroupCounters(this.#place);
    const quota = {
      now: () => this.now(),
      stream: () => this.#usageStream,
      heardAt: () => this.accessConfirmedAt(groupId),
      memory: counters.memory,
      place: this.#place,
    };
    const environment = {
      registry: this.#registry,
      serves: this.#serves,
      isShared: this.#isShared,
      metrics: this.#metrics,
      now: this.#clock,
      quota,
      counters,
      ...(this.#upstreams === undefined ? {} : { upstreams: this.#upstreams }),
    };
    return { compiler: new GroupCompiler(groupId, environment), counters, hosts: [], accessConfirmedAt: null };
  }

  #announceHosts(group: Group): void {
    const hosts = group.compiler.program?.settings.hosts ?? [];
    if (hosts === group.hosts) return;
    const gone = group.hosts.map((host) => [host, undefined] as const);
    const served = hosts.map((host) => [host, group] as const);
    this.#byHost = this.#byHost.with(new Map<string, Group | undefined>([...gone, ...served]));
    group.hosts = hosts;
  }

  #hostsTakenByOthers(groupId: string, { put = [] }: GroupDelta): CompileFault[] {
    return put
      .filter(({ kind }) => kind === 'group_settings')
      .flatMap((written) => {
        const { kind, id, value } = readResource(written);
        const hosts = gatewayGroupSettingsSchema.safeParse(value).data?.hosts ?? [];
        return hosts.flatMap((host, index) => {
          const holder = this.#byHost.get(host);
          if (holder === undefined || holder === this.#groups.get(groupId)) return [];
          return [{ kind, id, pointer: `/hosts/${index}`, message: `${host} belongs to another group` }];
        });
      });
  }
}
