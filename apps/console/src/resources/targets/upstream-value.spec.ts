import { describe, expect, it } from 'vitest';
import { nodesOf, shareOf } from './upstream-value.ts';

describe('nodes of an upstream', () => {
  it('are read from a map as from a list', () => {
    expect(nodesOf({ nodes: { 'a:80': 1, '[::1]:81': 2, b: 0 } })).toEqual([
      { host: 'a', port: 80, weight: 1 },
      { host: '[::1]', port: 81, weight: 2 },
      { host: 'b', weight: 0 },
    ]);
    expect(nodesOf({})).toEqual([]);
  });

  it('share calls by weight', () => {
    const nodes = nodesOf({ nodes: { 'a:80': 1, 'b:80': 3 } });
    expect(nodes.map((node) => shareOf(node, nodes))).toEqual([0.25, 0.75]);
    expect(shareOf({ host: 'a', weight: 0 }, [{ host: 'a', weight: 0 }])).toBe(0);
  });
});
