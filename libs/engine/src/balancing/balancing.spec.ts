import { describe, expect, it } from 'vitest';
import { type Balancer, byPriority } from './balancer.ts';
import { consistentHash } from './consistent-hash.ts';
import { leastConnections, lowestLatency } from './least-loaded.ts';
import { createNode, type Node } from './node.ts';
import { roundRobin } from './round-robin.ts';

const node = (host: string, weight = 1, priority = 0): Node => createNode({ host, port: 80, weight, priority });
const byKey = (nodes: readonly Node[]): Balancer<string> => consistentHash(nodes, (key) => key);
const none: ReadonlySet<Node> = new Set();

function picks(balancer: Balancer<string>, count: number, keyOf: (index: number) => string = String): string[] {
  return Array.from({ length: count }, (_, index) => balancer.pick(none, keyOf(index))?.host ?? 'none');
}

describe('round robin', () => {
  it('gives each node its share, evenly spread', () => {
    expect(picks(roundRobin([node('a', 5), node('b'), node('c')]), 7)).toEqual(['a', 'a', 'b', 'a', 'c', 'a', 'a']);
  });

  it('never picks a node without weight or one that failed', () => {
    const [a, b] = [node('a'), node('b', 0)];
    expect(picks(roundRobin([a, b]), 3)).toEqual(['a', 'a', 'a']);
    expect(roundRobin([a, b]).pick(new Set([a]), '')).toBeUndefined();
  });
});

describe('consistent hashing', () => {
  const nodes = ['a', 'b', 'c'].map((name) => node(name));
  const keys = Array.from({ length: 1000 }, (_, index) => `key-${index}`);

  it('keeps a key at its node and moves only the keys of a node that goes', () => {
    const before = picks(byKey(nodes), 1000, (index) => keys[index] ?? '');
    const after = picks(byKey(nodes.slice(0, 2)), 1000, (index) => keys[index] ?? '');
    expect(picks(byKey(nodes), 1000, (index) => keys[index] ?? '')).toEqual(before);
    before.forEach((name, index) => name !== 'c' && expect(after[index]).toBe(name));
  });

  it('spreads keys by weight', () => {
    const seen = picks(byKey([node('a', 3), node('b', 1)]), 1000, (index) => keys[index] ?? '');
    expect(seen.filter((name) => name === 'a').length).toBeGreaterThan(650);
    expect(seen.filter((name) => name === 'b').length).toBeGreaterThan(150);
  });

  it('goes on to the next node of the ring when one has failed', () => {
    const balancer = byKey(nodes);
    const first = balancer.pick(none, 'k');
    const second = balancer.pick(new Set(first === undefined ? [] : [first]), 'k');
    expect(second).toBeDefined();
    expect(second).not.toBe(first);
  });
});

describe('shares', () => {
  const balancers = {
    roundRobin,
    leastConnections,
    lowestLatency: (nodes: readonly Node[]) => lowestLatency(nodes, () => 0),
    consistentHash: byKey,
  };
  it.each(Object.entries(balancers))('%s never picks a node without one', (_name, create) => {
    const [a, b] = [node('a', 5), node('b')];
    const balancer = create([a, b]);
    a.share = 0;
    expect(new Set(picks(balancer, 10))).toEqual(new Set(['b']));
    b.share = 0;
    expect(balancer.pick(none, 'k')).toBeUndefined();
  });

  it('a tenth of a share gets a tenth of the calls', () => {
    const [a, b] = [node('a', 10), node('b', 10)];
    a.share = 1;
    expect(picks(roundRobin([a, b]), 110).filter((host) => host === 'a')).toHaveLength(10);
  });
});

describe('by load', () => {
  it('the fewest calls under way win, in proportion to weight', () => {
    const [a, b] = [node('a', 2), node('b', 1)];
    const balancer = leastConnections([a, b]);
    expect(picks(balancer, 3)).toEqual(['a', 'a', 'b']);
    balancer.release(b, 1);
    expect(picks(balancer, 1)).toEqual(['b']);
  });

  it('the lowest latency of late wins, and a slow node is tried again in time', () => {
    let now = 1;
    const [a, b] = [node('a'), node('b')];
    const balancer = lowestLatency([a, b], () => now);
    balancer.release(a, 100);
    balancer.release(b, 10);
    expect(picks(balancer, 1)).toEqual(['b']);
    now += 60_000;
    balancer.release(b, 50);
    expect(picks(balancer, 1)).toEqual(['a']);
  });
});

describe('priorities', () => {
  it('use lower nodes only when every higher one has failed', () => {
    const [a, b, c] = [node('a', 1, 1), node('b', 1, 1), node('c', 1, 0)];
    const balancer = byPriority([a, b, c], roundRobin);
    expect(new Set(picks(balancer, 10))).toEqual(new Set(['a', 'b']));
    expect(balancer.pick(new Set([a, b]), '')).toBe(c);
    expect(balancer.pick(new Set([a, b, c]), '')).toBeUndefined();
  });
});
