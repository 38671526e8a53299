import { type Balancer, ignoreRelease, isEligible } from './balancer.ts';
import type { Node } from './node.ts';

/** Smooth weighted round robin, as NGINX does it: in any run of calls each node gets its share, evenly spread. */
export function roundRobin(nodes: readonly Node[]): Balancer<unknown> {
  return {
    pick(excluded) {
      let total = 0;
      let best: Node | undefined;
      for (const node of nodes) {
        if (!isEligible(node, excluded)) continue;
        node.due += node.share;
        total += node.share;
        if (best === undefined || node.due > best.due) best = node;
      }
      if (best !== undefined) best.due -= total;
      return best;
    },
    release: ignoreRelease,
  };
}
