import { Pipeline } from '../policy/pipeline.ts';
import type { PolicySet } from '../policy/policy-set.ts';

/** Where a route finds its pipeline: another one takes its place for all routes of the same levels at once. */
export class PipelineSlot {
  current: Pipeline;
  /** Null for that of one route only. */
  readonly shared: SharedPipeline | null;

  constructor(current: Pipeline, shared: SharedPipeline | null) {
    this.current = current;
    this.shared = shared;
  }
}

/** The levels that a route takes its policies from. */
export interface PipelineSource {
  /** The route's own; one object for all routes that have the same. */
  readonly own: PolicySet;
  readonly configId: string | undefined;
  readonly serviceId: string | undefined;
}

/** The pipeline of all routes with the same levels. */
class SharedPipeline {
  readonly slot: PipelineSlot;
  /** Routes in force that use it. */
  routes = 0;
  pending: Pipeline | null = null;

  constructor(
    readonly source: PipelineSource,
    pipeline: Pipeline,
  ) {
    this.slot = new PipelineSlot(pipeline, this);
  }
}

/** One pipeline for all routes that take their policies from the same levels: thousands of routes of one service share one. */
export class PipelineTable {
  readonly #shared = new Map<PolicySet, Map<string, SharedPipeline>>();
  #changed: SharedPipeline[] = [];
  #unused = new Set<SharedPipeline>();

  /** @param levelsOf strongest first, with pending changes. */
  constructor(private readonly levelsOf: (source: PipelineSource) => readonly PolicySet[]) {}

  /** The slot of all routes with these levels. */
  get(source: PipelineSource): PipelineSlot {
    const key = keyOf(source);
    let byKey = this.#shared.get(source.own);
    if (byKey === undefined) {
      byKey = new Map();
      this.#shared.set(source.own, byKey);
    }
    let shared = byKey.get(key);
    if (shared === undefined) {
      shared = new SharedPipeline(source, new Pipeline(this.levelsOf(source)));
      byKey.set(key, shared);
      this.#unused.add(shared);
    }
    return shared.slot;
  }

  /** Levels have changed: whatever is taken from one that `isConcerned` gets a new pipeline. */
  renew(isConcerned: (source: PipelineSource) => boolean): void {
    for (const byKey of this.#shared.values()) {
      for (const shared of byKey.values()) {
        if (!isConcerned(shared.source)) continue;
        shared.pending = new Pipeline(this.levelsOf(shared.source));
        this.#changed.push(shared);
      }
    }
  }

  /** A route has come into force, or is not any more. */
  count({ shared }: PipelineSlot, change: 1 | -1): void {
    if (shared === null) return;
    shared.routes += change;
    if (shared.routes === 0) this.#unused.add(shared);
  }

  /** Puts the pending pipelines in force; the routes have been counted. */
  keep(): void {
    for (const shared of this.#changed) {
      shared.slot.current = shared.pending ?? shared.slot.current;
      shared.pending = null;
    }
    this.#changed = [];
    this.#dropUnused();
  }

  discard(): void {
    for (const shared of this.#changed) shared.pending = null;
    this.#changed = [];
    this.#dropUnused();
  }

  #dropUnused(): void {
    for (const { routes, source } of this.#unused) {
      if (routes > 0) continue;
      const byKey = this.#shared.get(source.own);
      byKey?.delete(keyOf(source));
      if (byKey?.size === 0) this.#shared.delete(source.own);
    }
    this.#unused.clear();
  }
}

/** No id has a space in it. */
function keyOf({ configId = '', serviceId = '' }: PipelineSource): string {
  return `${configId} ${serviceId}`;
}
