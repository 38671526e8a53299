import { setTimeout as delay } from 'node:timers/promises';
import { isHost } from '../balancing/node.ts';
import type { DiscoveredNode, ServiceSource } from './service-source.ts';

/** How following a service goes. */
export interface DiscoveryState {
  /** `dns`, `consul` or `kubernetes`. */
  readonly type: string;
  readonly serviceName: string;
  /** `waiting` = nothing has come yet; `failing` = the last good set of nodes stays in use, if there has been one. */
  readonly state: 'waiting' | 'good' | 'failing';
  /** What is wrong, for people; empty unless it is failing. */
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Nodes in use. */
  readonly nodes: number;
}

/** What is followed, where, and who is told of its state. */
export interface ServiceWatchOptions {
  readonly type: string;
  readonly serviceName: string;
  readonly source: ServiceSource;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The state has changed. */
  readonly changed: (state: DiscoveryState) => void;
}

type Listener = (nodes: readonly DiscoveredNode[]) => void;

/** Nodes of one service; what goes beyond is not used, and alarmed. */
const maxNodes = 2_000;
const firstBackOffMs = 500;
const maxBackOffMs = 30_000;

/** Follows one service for all upstreams that use it. A source that fails, or has nothing to say, never takes away the last good set. */
export class ServiceWatch {
  readonly #options: ServiceWatchOptions;
  readonly #listeners = new Set<Listener>();
  readonly #abort = new AbortController();
  #nodes: readonly DiscoveredNode[] = [];
  #state: DiscoveryState;
  #failures = 0;

  constructor(options: ServiceWatchOptions) {
    this.#options = options;
    const { type, serviceName, now } = options;
    this.#state = { type, serviceName, state: 'waiting', reason: '', since: now(), nodes: 0 };
    void this.#run();
  }

  get state(): DiscoveryState {
    return this.#state;
  }

  /** `listener` is told of every set, of the present one at once. */
  add(listener: Listener): void {
    this.#listeners.add(listener);
    if (this.#nodes.length > 0) listener(this.#nodes);
  }

  /** @returns true when nobody listens any more and the watch has ended. */
  remove(listener: Listener): boolean {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return false;
    this.#abort.abort();
    return true;
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    const { source, serviceName } = this.#options;
    while (!signal.aborted) {
      try {
        await source.follow(serviceName, (nodes) => this.#take(nodes), signal);
      } catch (cause) {
        if (signal.aborted) return;
        this.#failures++;
        this.#report('failing', cause instanceof Error ? cause.message : String(cause));
        await delay(backOffMs(this.#failures), undefined, { signal, ref: false }).catch(() => undefined);
      }
    }
  }

  #take(found: readonly DiscoveredNode[]): void {
    if (this.#abort.signal.aborted) return;
    if (found.length === 0) {
      this.#report('failing', 'the service has no nodes');
      return;
    }
    if (!found.every(({ host }) => isHost(host))) throw new Error('a node is neither a name nor an address');
    this.#failures = 0;
    const nodes = found.slice(0, maxNodes);
    if (!isSame(nodes, this.#nodes)) {
      this.#nodes = nodes;
      for (const listener of this.#listeners) listener(nodes);
    }
    if (nodes.length === found.length) this.#report('good', '');
    else this.#report('failing', `only ${maxNodes} of ${found.length} nodes are used`);
  }

  #report(state: DiscoveryState['state'], reason: string): void {
    const before = this.#state;
    const { type, serviceName, now, changed } = this.#options;
    const since = state === before.state ? before.since : now();
    this.#state = { type, serviceName, state, reason, since, nodes: this.#nodes.length };
    if (state !== before.state || reason !== before.reason) changed(this.#state);
  }
}

/** Doubles up to a bound; half of it is random, so that data planes do not ask in step. */
function backOffMs(failures: number): number {
  const ms = Math.min(maxBackOffMs, firstBackOffMs * 2 ** Math.min(10, failures - 1));
  return ms / 2 + (Math.random() * ms) / 2;
}

function isSame(one: readonly DiscoveredNode[], other: readonly DiscoveredNode[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ host, port, weight, priority }, index) => {
      const beside = other[index];
      return beside?.host === host && beside.port === port && beside.weight === weight && beside.priority === priority;
    })
  );
}
