import { type Balancer, isEligible } from './balancer.ts';
import type { Node } from './node.ts';

/** The node with the fewest calls under way, in proportion to its share. */
export function leastConnections(nodes: readonly Node[]): Balancer<unknown> {
  return {
    pick(excluded) {
      const best = lowest(nodes, excluded, (node) => (node.active + 1) / node.share);
      if (best !== undefined) best.active++;
      return best;
    },
    release(node) {
      if (node.active > 0) node.active--;
    },
  };
}

/** Time in which the memory of a latency halves, in milliseconds. */
const halfLifeMs = 10_000;

/** The node with the lowest latency of late, as an exponentially weighted moving average. */
export function lowestLatency(nodes: readonly Node[], now: () => number): Balancer<unknown> {
  const score = (node: Node) => (node.latencyAt === 0 ? 0 : node.latencyMs * decay(now() - node.latencyAt));
  return {
    pick: (excluded) => lowest(nodes, excluded, score),
    release(node, latencyMs) {
      const at = now();
      const isFirst = node.latencyAt === 0;
      const keep = isFirst ? 1 : decay(at - node.latencyAt);
      const previous = isFirst ? latencyMs : node.latencyMs;
      node.latencyMs = previous * keep * 0.5 + latencyMs * (1 - keep * 0.5);
      node.latencyAt = at;
    },
  };
}

function decay(elapsedMs: number): number {
  return 2 ** (-elapsedMs / halfLifeMs);
}

function lowest(nodes: readonly Node[], excluded: ReadonlySet<Node>, score: (node: Node) => number): Node | undefined {
  let best: Node | undefined;
  let bestScore = Infinity;
  for (const node of nodes) {
    if (!isEligible(node, excluded)) continue;
    const value = score(node);
    if (value < bestScore) {
      best = node;
      bestScore = value;
    }
  }
  return best;
}
