import type { Node } from './node.ts';

/**
 * Picks nodes for calls by their shares. Picking never waits, allocates nothing, and never fails while a node with a share is left.
 * @typeParam C what is known about the call; consistent hashing looks at it.
 */
export interface Balancer<C> {
  /** `excluded` holds nodes that have failed this call. */
  pick(excluded: ReadonlySet<Node>, call: C): Node | undefined;
  /** Tells that a call to the node ended after `latencyMs`. */
  release(node: Node, latencyMs: number): void;
}

/** Nothing to keep count of. */
export const ignoreRelease = (): void => undefined;

/** Whether a node may be picked at all. */
export function isEligible(node: Node, excluded: ReadonlySet<Node>): boolean {
  return node.share > 0 && (excluded.size === 0 || !excluded.has(node));
}

/** Uses one balancer per priority, the highest first, the next only when all nodes above have failed the call. */
export function byPriority<C>(nodes: readonly Node[], create: (nodes: readonly Node[]) => Balancer<C>): Balancer<C> {
  const groups = Map.groupBy(nodes, (node) => node.priority);
  const tiers = [...groups].sort(([a], [b]) => b - a).map(([, members]) => create(members));
  const [only] = tiers;
  if (only !== undefined && tiers.length === 1) return only;
  return {
    pick(excluded, call) {
      for (const tier of tiers) {
        const node = tier.pick(excluded, call);
        if (node !== undefined) return node;
      }
      return undefined;
    },
    release(node, latencyMs) {
      tiers[0]?.release(node, latencyMs);
    },
  };
}
