import { createHash } from 'node:crypto';
import { type Balancer, ignoreRelease, type Node } from './balancer.ts';

const pointsPerWeight = 160;
/** Keeps the ring small when weights are given in hundreds. */
const maxPoints = 160 * 256;

/** A ring of hashes: a key keeps its node while the set of nodes changes around it. */
export function consistentHash(nodes: readonly Node[]): Balancer {
  const ring = buildRing(nodes.filter((node) => node.weight > 0));
  return {
    pick(excluded, hashKey) {
      if (ring.length === 0) return undefined;
      const start = firstAtOrAfter(ring, hash32(hashKey()));
      for (let step = 0; step < ring.length; step++) {
        const node = ring[(start + step) % ring.length]?.node;
        if (node !== undefined && !excluded.has(node)) return node;
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
