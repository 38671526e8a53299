import { Pipeline } from '../policy/pipeline.ts';
import type { PolicySet } from '../policy/policy-set.ts';

/** The levels that a route takes its policies from. */
export interface PipelineSource {
  /** The route's own; one object for all routes that have the same. */
  readonly own: PolicySet;
  readonly configId: string | undefined;
  readonly serviceId: string | undefined;
}

/** Where all routes with the same levels find their pipeline: another one takes its place for all of them at once. */
export class PipelineSlot {
  current: Pipeline;
  readonly source: PipelineSource;
  /** Routes in force that use it. */
  routes = 0;
  pending: Pipeline | null = null;

  constructor(source: PipelineSource, current: Pipeline) {
    this.source = source;
    this.current = current;
  }
}

/** One pipeline for all routes that take their policies from the same levels: thousands of routes of one service share one. */
export class PipelineTable {
  readonly #shared = new Map<PolicySet, Map<string, PipelineSlot>>();
  #changed: PipelineSlot[] = [];
  #unused = new Set<PipelineSlot>();

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
    let slot = byKey.get(key);
    if (slot === undefined) {
      slot = new PipelineSlot(source, new Pipeline(this.levelsOf(source)));
      byKey.set(key, slot);
      this.#unused.add(slot);
    }
    return slot;
  }

  /** Levels have changed: whatever is taken from one that `isConcerned` gets a new pipeline. */
  renew(isConcerned: (source: PipelineSource) => boolean): void {
    for (const byKey of this.#shared.values()) {
      for (const slot of byKey.values()) {
        if (!isConcerned(slot.source)) continue;
        slot.pending = new Pipeline(this.levelsOf(slot.source));
        this.#changed.push(slot);
      }
    }
  }

  /** A route has come into force, or is not any more. */
  count(slot: PipelineSlot | null, change: 1 | -1): void {
    if (slot === null) return;
    slot.routes += change;
    if (slot.routes === 0) this.#unused.add(slot);
  }

  /** Puts the pending pipelines in force; the routes have been counted. */
  keep(): void {
    for (const slot of this.#changed) {
      slot.current = slot.pending ?? slot.current;
      slot.pending = null;
    }
    this.#changed = [];
    this.#dropUnused();
  }

  discard(): void {
    for (const slot of this.#changed) slot.pending = null;
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
