/** A verdict about one node, in a form that can be sent to other threads and processes. */
export interface NodeVerdict {
  readonly groupId: string;
  /** The resource that holds the upstream: `upstream/u1`, `service/s1` or `route/r1`. */
  readonly owner: string;
  /** `host:port`. */
  readonly node: string;
  readonly isHealthy: boolean;
  /** Why it is not healthy, for people. */
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** Changes of health, oldest first. */
export type HealthUpdate = readonly NodeVerdict[];

/** The upstream that a verdict is about. */
export interface HealthKey {
  readonly groupId: string;
  readonly owner: string;
}

/** Nodes that somebody on this data plane watches. */
export interface WatchedNodes {
  readonly key: HealthKey;
  /** Takes over a verdict that was made elsewhere. */
  takeVerdict(verdict: NodeVerdict): void;
  summary(): WatchedSummary;
}

/** How the nodes of one upstream are. */
export interface WatchedSummary {
  readonly healthy: number;
  readonly unhealthy: number;
  /** Left out for a time because calls to them failed. */
  readonly ejected: number;
  /** Those that are not healthy or ejected. */
  readonly troubled: readonly NodeTrouble[];
}

/** Why a node gets no calls. */
export interface NodeTrouble {
  readonly node: string;
  readonly state: 'unhealthy' | 'ejected';
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** Health of all watched nodes of an engine. */
export interface HealthStatus {
  readonly healthy: number;
  readonly unhealthy: number;
  readonly ejected: number;
  /** Which nodes get no calls: at most {@link maxListed}. */
  readonly troubled: readonly (HealthKey & NodeTrouble)[];
}

const maxListed = 100;
/** Verdicts about nodes that nobody here watches yet; the oldest go first. */
const maxRemembered = 10_000;

/**
 * Where the verdicts of an engine meet: watched nodes tell it what they have found, others (the threads beside this one) hear of it, and
 * what others have found reaches the nodes. A verdict that comes before its upstream waits for it.
 */
export class HealthBoard {
  readonly #watched = new Map<string, Set<WatchedNodes>>();
  /** Unhealthy nodes by upstream, then by node, whoever has found them so. */
  readonly #unhealthy = new Map<string, Map<string, NodeVerdict>>();
  #remembered = 0;
  #listener: ((update: HealthUpdate) => void) | null = null;

  /** Has `listener` told of every verdict that is made here. */
  whenChanged(listener: (update: HealthUpdate) => void): void {
    this.#listener = listener;
  }

  /** From now on these nodes hear of verdicts; they are told at once of those that are known. */
  watch(nodes: WatchedNodes, names: Iterable<string>): void {
    const name = nameOf(nodes.key);
    const beside = this.#watched.get(name);
    if (beside === undefined) this.#watched.set(name, new Set([nodes]));
    else beside.add(nodes);
    const known = this.#unhealthy.get(name);
    if (known === undefined) return;
    for (const node of names) {
      const verdict = known.get(node);
      if (verdict !== undefined) nodes.takeVerdict(verdict);
    }
  }

  /** The nodes are gone; what was known about them is forgotten unless a newer form of their upstream is watched. */
  unwatch(nodes: WatchedNodes): void {
    const name = nameOf(nodes.key);
    const beside = this.#watched.get(name);
    if (beside?.delete(nodes) !== true || beside.size > 0) return;
    this.#watched.delete(name);
    this.#remembered -= this.#unhealthy.get(name)?.size ?? 0;
    this.#unhealthy.delete(name);
  }

  /** A verdict was made by `author`. */
  announce(verdict: NodeVerdict, author: WatchedNodes): void {
    this.#remember(verdict);
    for (const nodes of this.#watched.get(nameOf(verdict)) ?? []) if (nodes !== author) nodes.takeVerdict(verdict);
    this.#listener?.([verdict]);
  }

  /** Takes over verdicts that were made elsewhere; nobody is told. */
  apply(update: HealthUpdate): void {
    for (const verdict of update) {
      this.#remember(verdict);
      for (const nodes of this.#watched.get(nameOf(verdict)) ?? []) nodes.takeVerdict(verdict);
    }
  }

  /** Every node that is not healthy: what an engine that starts beside this one must be told. */
  snapshot(): HealthUpdate {
    return [...this.#unhealthy.values()].flatMap((verdicts) => [...verdicts.values()]);
  }

  status(): HealthStatus {
    const status = { healthy: 0, unhealthy: 0, ejected: 0, troubled: new Array<HealthKey & NodeTrouble>() };
    for (const beside of this.#watched.values()) {
      const newest = [...beside].at(-1);
      if (newest === undefined) continue;
      const { healthy, unhealthy, ejected, troubled } = newest.summary();
      status.healthy += healthy;
      status.unhealthy += unhealthy;
      status.ejected += ejected;
      for (const trouble of troubled) {
        if (status.troubled.length < maxListed) status.troubled.push({ ...newest.key, ...trouble });
      }
    }
    return status;
  }

  #remember(verdict: NodeVerdict): void {
    const name = nameOf(verdict);
    this.#forget(name, verdict.node);
    if (verdict.isHealthy) return;
    const verdicts = this.#unhealthy.get(name) ?? new Map<string, NodeVerdict>();
    this.#unhealthy.set(name, verdicts.set(verdict.node, verdict));
    this.#remembered++;
    if (this.#remembered <= maxRemembered) return;
    const [oldest] = this.#unhealthy;
    const [node] = oldest?.[1].keys() ?? [];
    if (oldest !== undefined && node !== undefined) this.#forget(oldest[0], node);
  }

  #forget(name: string, node: string): void {
    const verdicts = this.#unhealthy.get(name);
    if (verdicts?.delete(node) !== true) return;
    this.#remembered--;
    if (verdicts.size === 0) this.#unhealthy.delete(name);
  }
}

function nameOf({ groupId, owner }: HealthKey): string {
  return `${groupId} ${owner}`;
}
