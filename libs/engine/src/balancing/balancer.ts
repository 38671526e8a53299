/** A node that calls can be sent to. */
export interface Node {
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  readonly priority: number;
  /** `host:port`, for logs, metrics and hashing. */
  readonly name: string;
}

/** Picks nodes for calls. Picking never waits and never fails while a node is left. */
export interface Balancer {
  /** `excluded` holds nodes that have failed this call; `hashKey` is read by consistent hashing only. */
  pick(excluded: ReadonlySet<Node>, hashKey: () => string): Node | undefined;
  /** Tells that a call to the node ended after `latencyMs`. */
  release(node: Node, latencyMs: number): void;
}

/** Nothing to keep count of. */
export const ignoreRelease: Balancer['release'] = () => undefined;

/** Nodes that may be picked at all. */
export function eligible(nodes: readonly Node[], excluded: ReadonlySet<Node>): Node[] {
  return nodes.filter((node) => node.weight > 0 && !excluded.has(node));
}

/** Uses one balancer per priority, the highest first, the next only when all nodes above have failed the call. */
export function byPriority(nodes: readonly Node[], create: (nodes: readonly Node[]) => Balancer): Balancer {
  const groups = Map.groupBy(nodes, (node) => node.priority);
  const tiers = [...groups].sort(([a], [b]) => b - a).map(([, members]) => create(members));
  const [only] = tiers;
  if (only !== undefined && tiers.length === 1) return only;
  return {
    pick(excluded, hashKey) {
      for (const tier of tiers) {
        const node = tier.pick(excluded, hashKey);
        if (node !== undefined) return node;
      }
      return undefined;
    },
    release(node, latencyMs) {
      for (const tier of tiers) tier.release(node, latencyMs);
    },
  };
}
