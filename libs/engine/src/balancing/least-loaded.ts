import { type Balancer, eligible, type Node } from './balancer.ts';

/** The node with the fewest calls under way, in proportion to its weight. */
export function leastConnections(nodes: readonly Node[]): Balancer {
  const active = new Map<Node, number>();
  return {
    pick(excluded) {
      const best = lowest(eligible(nodes, excluded), (node) => ((active.get(node) ?? 0) + 1) / node.weight);
      if (best !== undefined) active.set(best, (active.get(best) ?? 0) + 1);
      return best;
    },
    release(node) {
      const count = active.get(node);
      if (count !== undefined && count > 0) active.set(node, count - 1);
    },
  };
}

/** Time in which the memory of a latency halves, in milliseconds. */
const halfLifeMs = 10_000;

interface Average {
  latencyMs: number;
  at: number;
}

/** The node with the lowest latency of late, as an exponentially weighted moving average. */
export function lowestLatency(nodes: readonly Node[], now: () => number): Balancer {
  const averages = new Map<Node, Average>();
  const score = (node: Node) => {
    const average = averages.get(node);
    return average === undefined ? 0 : average.latencyMs * decay(now() - average.at);
  };
  return {
    pick: (excluded) => lowest(eligible(nodes, excluded), score),
    release(node, latencyMs) {
      if (!nodes.includes(node)) return;
      const keep = decay(now() - (averages.get(node)?.at ?? now()));
      const previous = averages.get(node)?.latencyMs ?? latencyMs;
      averages.set(node, { latencyMs: previous * keep * 0.5 + latencyMs * (1 - keep * 0.5), at: now() });
    },
  };
}

function decay(elapsedMs: number): number {
  return 2 ** (-elapsedMs / halfLifeMs);
}

function lowest(nodes: readonly Node[], score: (node: Node) => number): Node | undefined {
  let best: Node | undefined;
  let bestScore = Infinity;
  for (const node of nodes) {
    const value = score(node);
    if (value < bestScore) {
      best = node;
      bestScore = value;
    }
  }
  return best;
}
