import type { DiscoveredNode, ServiceSource } from './service-source.ts';
import { type DiscoveryState, ServiceWatch } from './service-watch.ts';

/** Which service, and at which kind of registry. */
export interface ServiceKey {
  /** An upstream's `discovery_type`. */
  readonly type: string;
  readonly serviceName: string;
}

/** How discovery goes, for the status page. */
export interface DiscoveryStatus {
  /** Services that are followed. */
  readonly services: number;
  /** Those of which nothing good has been heard since; at most 100. */
  readonly troubled: readonly DiscoveryState[];
}

/** What discovery works with. */
export interface DiscoveryOptions {
  /** By `discovery_type`. */
  readonly sources: ReadonlyMap<string, ServiceSource>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Following a service goes well, or no longer does. */
  readonly changed: (state: DiscoveryState) => void;
}

const maxListed = 100;

/** The services that upstreams get their nodes from: each is followed once, for as long as an upstream uses it. */
export class Discovery {
  readonly #options: DiscoveryOptions;
  readonly #watches = new Map<string, ServiceWatch>();

  constructor(options: DiscoveryOptions) {
    this.#options = options;
  }

  /**
   * Has `listener` told of the nodes of a service, at once of those that are known. Throws an Error with a reason for people when there is no
   * such registry here, or no such service can be there.
   * @returns what ends it.
   */
  follow({ type, serviceName }: ServiceKey, listener: (nodes: readonly DiscoveredNode[]) => void): () => void {
    const { sources, now, changed } = this.#options;
    const source = sources.get(type);
    if (source === undefined) throw new Error(`discovery_type "${type}" is not configured on this data plane`);
    source.check(serviceName);
    const key = `${type} ${serviceName}`;
    const watch = this.#watches.get(key) ?? new ServiceWatch({ type, serviceName, source, now, changed });
    this.#watches.set(key, watch);
    watch.add(listener);
    return () => {
      if (watch.remove(listener) && this.#watches.get(key) === watch) this.#watches.delete(key);
    };
  }

  status(): DiscoveryStatus {
    const states = [...this.#watches.values()].map(({ state }) => state);
    return {
      services: states.length,
      troubled: states.filter(({ state }) => state !== 'good').slice(0, maxListed),
    };
  }
}
