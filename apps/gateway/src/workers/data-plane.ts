import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { TryOutcome, UsageRow } from '@tollgate/contracts/dataplane';
import { type Sequence, sequences } from '@tollgate/contracts/gateway';
import {
  type ApplyResult,
  type GroupDelta,
  Groups,
  type GroupStatus,
  type Prober,
  type ResourceText,
  textOf,
  type TryOptions,
  type UpstreamStatus,
  type UsageStream,
} from '@tollgate/engine';
import { policies } from '@tollgate/policies';
import type { Logger } from 'pino';
import { giveMemoryBackAfter } from '../give-memory-back.ts';
import type { CallMetrics } from '../status/call-metrics.ts';
import type { ServingAddress, ServingOptions, WorkerReport, WorkerStart } from './messages.ts';
import { UnderWay } from './under-way.ts';
import { OpenTrials } from './open-trials.ts';
import { WorkerPool, type WorkerPoolOptions, type WorkerStatus } from './worker-pool.ts';

/** What of the configuration is put in force, everywhere or nowhere. */
export interface Configuration {
  /** Resolves when every worker that lives has it in force, or it is refused. */
  apply(groupId: string, sequence: Sequence, delta: GroupDelta): Promise<ApplyResult>;
  /** Resolves when it is refused or handed over, as soon as not too many changes are under way; those before may not be in force yet. */
  handOver(groupId: string, sequence: Sequence, delta: GroupDelta): Promise<HandedOver>;
  removeGroup(groupId: string): Promise<void>;
}

/** What became of a change, and when. */
export interface HandedOver {
  readonly result: ApplyResult;
  /** Resolves when every worker that lives has it in force, in the order of changes; at once for one that is refused. */
  readonly inForce: Promise<void>;
}

/** What a data plane is made of. */
export interface DataPlaneOptions extends Pick<WorkerPoolOptions, 'workers' | 'drainMs' | 'spawn'> {
  readonly serving: ServingOptions;
  readonly address: ServingAddress;
  /** Asks the nodes of upstreams how they are, for all workers. */
  readonly prober: Prober;
  /** Takes the port on which a worker will hand over its usage; absent where nobody collects it. */
  readonly connectUsage?: (workerId: number, port: MessagePort) => void;
  readonly metrics: CallMetrics;
  readonly logger: Logger;
}

/** State of all workers together. */
export interface DataPlaneStatus extends UpstreamStatus {
  readonly groups: readonly GroupStatus[];
  /** Since the start, those of workers that have ended included. */
  readonly callsCounted: number;
  readonly connections: number;
  readonly isDraining: boolean;
  readonly sockets: WorkerReport['sockets'] | null;
  /** What keeps it from being ready; null when nothing does. */
  readonly trouble: string | null;
  readonly workers: readonly WorkerStatus[];
}

const collectWithinMs = 1_000;
/** The primary compiles a change in this time, and a worker on a busy machine may take this many times as long. */
const slowness = 20;
/**
 * So many changes may be at the workers at a time. On a busy machine threads wait for a core ten times as long as they work on a change; if
 * each waited for the one before, less than a hundred a second would get through. A worker may do all of them in one turn: some milliseconds.
 */
const mostUnderWay = 32;
/** Far below the time after which memory that a change has freed is used by another one: all workers must know of the first by then. */
const longestUnderWayMs = 10_000;
/** A change of so many resources has no other behind it: what it takes in memory and time must not be there several times over. */
const manyResources = 1_000;

/**
 * The primary's side of a data plane. It holds the configuration as text, compiles every change before a worker sees it, to know that it can
 * be served, and hands it on; it owns the memory that workers count in.
 */
export class DataPlane implements Configuration {
  readonly #groups: Groups;
  readonly #pool: WorkerPool;
  readonly #endedCalls = { count: 0 };
  readonly #lastCalls = new Map<number, number>();
  readonly #trials = new OpenTrials();
  #clockOffsetMs = 0;
  #changing: Promise<unknown> = Promise.resolve();
  readonly #underWay = new UnderWay({ most: mostUnderWay, longestMs: longestUnderWayMs });
  #isDraining = false;

  constructor(private readonly options: DataPlaneOptions) {
    const { workers, serving, address, prober, metrics, logger, drainMs, spawn } = options;
    const ids = WorkerPool.idsFor(workers);
    this.#groups = new Groups({
      policies,
      serves: false,
      isShared: serving.isShared,
      place: { workerId: 0, workers: ids, isPrimary: true },
      upstreams: prober.upstreams,
    });
    prober.whenHealthChanged((update) => this.#pool.tell({ kind: 'health', update }));
    this.#pool = new WorkerPool({
      workers,
      address,
      drainMs,
      logger,
      ...(spawn === undefined ? {} : { spawn }),
      startOf: (workerId) => this.#startOf(workerId, ids),
      events: {
        report: ({ id }, report) => {
          this.#lastCalls.set(id, report.calls);
          metrics.add(report);
        },
        counted: (counted) => metrics.addCalls(counted),
        failure: ({ id }, { stack, requestId }) =>
          logger.error({ workerId: id, requestId, stack }, 'a call failed unexpectedly'),
        health: (thread, update) => {
          prober.applyHealth(update);
          this.#pool.tell({ kind: 'health', update }, thread);
        },
        tried: (_thread, tryId, outcome) => this.#trials.settle(tryId, outcome),
      },
      whenEnded: (workerId, wasAskedTo) => {
        this.#endedCalls.count += this.#lastCalls.get(workerId) ?? 0;
        this.#lastCalls.delete(workerId);
        this.#groups.workerGone(workerId);
        this.#trials.workerEnded(workerId);
        if (!wasAskedTo) metrics.workerEnded();
      },
    });
  }

  /** Starts the workers; resolves to their ports. @throws Error when they cannot serve. */
  start(): Promise<{ readonly http: number; readonly https: number }> {
    return this.#pool.start();
  }

  /** Whether calls are served, and will be. */
  get isServing(): boolean {
    return this.#pool.isServing && this.#pool.trouble === null;
  }

  async apply(groupId: string, sequence: Sequence, delta: GroupDelta): Promise<ApplyResult> {
    const { result, inForce } = await this.handOver(groupId, sequence, delta);
    await inForce;
    return result;
  }

  handOver(groupId: string, sequence: Sequence, delta: GroupDelta): Promise<HandedOver> {
    return this.#inOrder(async () => {
      await this.#underWay.room();
      const startedAt = performance.now();
      const result = this.#groups.apply(groupId, sequence, delta);
      if (!result.ok) return { result, inForce: Promise.resolve() };
      const pieces = this.#groups.takeNewMemory(groupId);
      const extraMs = (performance.now() - startedAt) * slowness;
      const resources = delta.put?.length ?? 0;
      const taken = this.#pool.ask({ kind: 'apply', groupId, sequence, delta: asText(delta), pieces }, extraMs);
      const inForce = taken.then(() => giveMemoryBackAfter(resources, { isServing: false }));
      this.#underWay.add(inForce, resources < manyResources ? 1 : mostUnderWay);
      return { result, inForce };
    });
  }

  removeGroup(groupId: string): Promise<void> {
    return this.#inOrder(async () => {
      this.#groups.remove(groupId);
      await this.#pool.ask({ kind: 'remove', groupId });
    });
  }

  /** The resources in force as they came, for the disk cache. */
  resources(groupId: string, sequence: Sequence): Generator<ResourceText> {
    return this.#groups.resources(groupId, sequence);
  }

  /** The control plane has said that the access state of all groups is the newest; milliseconds since the epoch. */
  confirmAccess(at = this.#groups.now()): void {
    this.#groups.confirmAccess(at);
    this.#pool.tell({ kind: 'confirm-access', at });
  }

  /** Lets a worker play a request, and resolves to what became of it. Never rejects. */
  tryRequest(options: TryOptions): Promise<TryOutcome> {
    return this.#trials.run(this.#pool.someServing(), options);
  }

  /** Corrects the minutes of usage by the offset measured against the control plane, in milliseconds. */
  setClockOffset(offsetMs: number): void {
    this.#clockOffsetMs = offsetMs;
    this.#groups.setClockOffset(offsetMs);
    this.#pool.tell({ kind: 'clock-offset', offsetMs });
  }

  /** Names the batches that usage of this process goes into; before any lease. */
  setUsageStream(stream: UsageStream): void {
    this.#groups.setUsageStream(stream);
  }

  /** A worker has handed over rows. */
  usageReceived(workerId: number, rows: readonly UsageRow[]): void {
    this.#groups.usageReceived(workerId, rows);
  }

  usageSealed(sequence: number, rows: readonly UsageRow[]): void {
    this.#groups.usageSealed(sequence, rows);
  }

  usageUnsealed(sequence: number, givenUp: readonly UsageRow[]): void {
    this.#groups.usageUnsealed(sequence, givenUp);
  }

  /** Calls counted by all workers, as of their last reports. */
  get callsCounted(): number {
    return [...this.#lastCalls.values()].reduce((sum, calls) => sum + calls, this.#endedCalls.count);
  }

  /** Of all workers together, as of their last reports: a second ago at most, unless one is stuck. */
  load(): { readonly calls: number; readonly connections: number; readonly loopDelayP99Ms: number } {
    const load = { calls: this.callsCounted, connections: 0, loopDelayP99Ms: 0 };
    for (const { report } of this.#pool.threads) {
      if (report === null) continue;
      load.connections += report.connections;
      load.loopDelayP99Ms = Math.max(load.loopDelayP99Ms, report.loopDelayP99Ms);
    }
    return load;
  }

  /** Has every worker report now; what {@link status} and the metrics say is current then, but for workers that are busy for long. */
  async collect(): Promise<void> {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, collectWithinMs);
    await Promise.race([this.#pool.ask({ kind: 'report' }), late.promise]);
    clearTimeout(timer);
  }

  status(): DataPlaneStatus {
    const reports = [...this.#pool.threads].flatMap(({ report }) => (report === null ? [] : [report]));
    return {
      groups: this.#groups.status(),
      callsCounted: this.callsCounted,
      connections: reports.reduce((sum, { connections }) => sum + connections, 0),
      isDraining: this.#isDraining,
      sockets: reports[0]?.sockets ?? null,
      trouble: this.#pool.trouble,
      workers: this.#pool.describe(),
      ...this.options.prober.status(),
    };
  }

  /** Replaces the workers one after the other, without failing a call. */
  replaceWorkers(): Promise<void> {
    return this.#pool.replaceAll();
  }

  /** Stops accepting, lets calls under way finish within the time, cuts what is left. All usage has been handed over then. */
  async close(withinMs: number): Promise<void> {
    this.#isDraining = true;
    await this.#pool.close(withinMs);
    this.#groups.dispose();
  }

  #startOf(workerId: number, workers: number): WorkerStart {
    return {
      place: { workerId, workers, isPrimary: false },
      options: this.options.serving,
      clockOffsetMs: this.#clockOffsetMs,
      health: this.options.prober.healthSnapshot(),
      usage: this.#usagePortOf(workerId),
      groups: this.#groups.status().map(({ groupId, accessConfirmedAt }) => {
        const [revision, access] = sequences.map((sequence) => [...this.#groups.resources(groupId, sequence)]);
        return {
          groupId,
          sequences: { revision: revision ?? [], access: access ?? [] },
          pieces: this.#groups.memoryOf(groupId),
          accessConfirmedAt,
        };
      }),
    };
  }

  #usagePortOf(workerId: number): MessagePort | null {
    const { connectUsage } = this.options;
    if (connectUsage === undefined) return null;
    const { port1, port2 } = new MessageChannel();
    connectUsage(workerId, port2);
    return port1;
  }

  /** One change at a time is compiled and sent, so that every worker gets them in the order in which they were compiled. */
  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#changing.then(work);
    this.#changing = done.catch(() => undefined);
    return done;
  }
}

/** As it goes to workers: texts are copied, objects would be taken apart and put together again. */
function asText({ put, ...rest }: GroupDelta): GroupDelta {
  if (put === undefined) return rest;
  return { ...rest, put: put.map((resource) => ({ kind: resource.kind, id: resource.id, text: textOf(resource) })) };
}
