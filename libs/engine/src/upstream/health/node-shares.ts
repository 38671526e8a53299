import type { Node } from '../../balancing/node.ts';
import type { NodeStanding } from './node-standing.ts';

/** In how many steps a node that starts slowly gets its share. */
const slowStartSteps = 10;

/** Whether calls may go to the node. */
export function isUsable({ isHealthy, ejectedUntil }: NodeStanding, nowMs: number): boolean {
  return isHealthy && ejectedUntil <= nowMs;
}

/**
 * Gives each node its share: none to those that must not be used, less than the weight to those that start slowly. When no node may be used
 * all are, because a wrong verdict about all of them is likelier than an answer from none.
 * @returns after how many milliseconds shares change by themselves; Infinity = never.
 */
export function updateShares(
  nodes: readonly Node[],
  standingOf: (node: Node) => NodeStanding,
  { nowMs, slowStartMs }: { nowMs: number; slowStartMs: number },
): number {
  const isAnyUsable = nodes.some((node) => node.weight > 0 && isUsable(standingOf(node), nowMs));
  let nextMs = Infinity;
  for (const node of nodes) {
    const standing = standingOf(node);
    if (standing.ejectedUntil > nowMs) nextMs = Math.min(nextMs, standing.ejectedUntil - nowMs);
    if (!isAnyUsable) {
      node.share = node.weight;
    } else if (!isUsable(standing, nowMs)) {
      node.share = 0;
    } else {
      const step = stepOf(standing, nowMs, slowStartMs);
      node.share = (node.weight * step) / slowStartSteps;
      if (step < slowStartSteps) nextMs = Math.min(nextMs, slowStartMs / slowStartSteps);
    }
  }
  return nextMs;
}

function stepOf({ returnedAt }: NodeStanding, nowMs: number, slowStartMs: number): number {
  if (slowStartMs === 0) return slowStartSteps;
  return Math.min(slowStartSteps, 1 + Math.floor(((nowMs - returnedAt) * slowStartSteps) / slowStartMs));
}
