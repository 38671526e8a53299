import { type Balancer, eligible, ignoreRelease, type Node } from './balancer.ts';

/** Smooth weighted round robin, as NGINX does it: in any run of calls each node gets its share, evenly spread. */
export function roundRobin(nodes: readonly Node[]): Balancer {
  const current = new Map<Node, number>(nodes.map((node) => [node, 0]));
  return {
    pick(excluded) {
      const candidates = eligible(nodes, excluded);
      let total = 0;
      let best: Node | undefined;
      for (const node of candidates) {
        const value = (current.get(node) ?? 0) + node.weight;
        current.set(node, value);
        total += node.weight;
        if (best === undefined || value > (current.get(best) ?? 0)) best = node;
      }
      if (best !== undefined) current.set(best, (current.get(best) ?? 0) - total);
      return best;
    },
    release: ignoreRelease,
  };
}
