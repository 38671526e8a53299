import { describe, expect, it } from 'vitest';
import { createNode } from '../../balancing/node.ts';
import { updateShares } from './node-shares.ts';
import { newStanding, type NodeStanding } from './node-standing.ts';

const [a, b] = ['a', 'b'].map((host) => createNode({ host, port: 1, weight: 10, priority: 0 })) as [
  ReturnType<typeof createNode>,
  ReturnType<typeof createNode>,
];

function shares(of: Partial<NodeStanding>, nowMs: number, slowStartMs = 0): { shares: number[]; nextMs: number } {
  const nextMs = updateShares([a, b], (node) => ({ ...newStanding(), ...(node === a ? of : {}) }), {
    nowMs,
    slowStartMs,
  });
  return { shares: [a.share, b.share], nextMs };
}

describe('shares', () => {
  it('are the weights of nodes that may be used', () => {
    expect(shares({}, 0)).toEqual({ shares: [10, 10], nextMs: Infinity });
    expect(shares({ isHealthy: false }, 0)).toEqual({ shares: [0, 10], nextMs: Infinity });
    expect(shares({ ejectedUntil: 500 }, 100)).toEqual({ shares: [0, 10], nextMs: 400 });
    expect(shares({ ejectedUntil: 500 }, 500)).toEqual({ shares: [10, 10], nextMs: Infinity });
  });

  it('grow in ten steps when a node starts slowly', () => {
    const at = (nowMs: number) => shares({ returnedAt: 1000 }, nowMs, 1000);
    expect(at(1000)).toEqual({ shares: [1, 10], nextMs: 100 });
    expect(at(1450)).toEqual({ shares: [5, 10], nextMs: 100 });
    expect(at(1900)).toEqual({ shares: [10, 10], nextMs: Infinity });
    expect(at(9999)).toEqual({ shares: [10, 10], nextMs: Infinity });
  });
});
