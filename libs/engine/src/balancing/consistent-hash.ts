import { createHash } from 'node:crypto';
import { type Balancer, ignoreRelease, isEligible } from './balancer.ts';
import type { Node } from './node.ts';

const pointsPerWeight = 160;
/** Keeps the ring small when weights are given in hundreds. */
const maxPoints = 160 * 256;

/**
 * A ring of hashes: a key keeps its node while the set of nodes changes around it. The ring goes by weights; of shares it only matters
 * whether a node has one, so that a node that comes or goes moves no other's keys.
 */
export function consistentHash<C>(nodes: readonly Node[], keyOf: (call: C) => string): Balancer<C> {
  const ring = buildRing(nodes.filter((node) => node.weight > 0));
  return {
    pick(excluded, call) {
      if (ring.length === 0) return undefined;
      const start = firstAtOrAfter(ring, hash32(keyOf(call)));
      for (let step = 0; step < ring.length; step++) {
        const node = ring[(start + step) % ring.length]?.node;
        if (node !== undefined && isEligible(node, excluded)) return node;
      }
      return undefined;
    },
    release: ignoreRelease,
  };
}

interface Point {
  readonly position: number;
  readonly node: Node;
}

function buildRing(nodes: readonly Node[]): Point[] {
  const total = nodes.reduce((sum, node) => sum + node.weight, 0);
  const scale = Math.min(1, maxPoints / (total * pointsPerWeight));
  return nodes
    .flatMap((node) => {
      const count = Math.max(1, Math.round(node.weight * pointsPerWeight * scale));
      return Array.from({ length: count }, (_, index) => ({ position: hash32(`${node.name}-${index}`), node }));
    })
    .sort((a, b) => a.position - b.position || (a.node.name < b.node.name ? -1 : 1));
}

function firstAtOrAfter(ring: readonly Point[], position: number): number {
  let low = 0;
  let high = ring.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ring[middle]?.position ?? 0) < position) low = middle + 1;
    else high = middle;
  }
  return low % ring.length;
}

function hash32(text: string): number {
  return createHash('md5').update(text).digest().readUInt32BE(0);
}
