import type { Upstream } from '@tollgate/contracts/gateway';
import { upstreamSchema } from '@tollgate/contracts/gateway';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createNode, type Node } from '../../balancing/node.ts';
import { defaultResilience, type Resilience } from '../resilience.ts';
import { HealthBoard } from './health-board.ts';
import { PoolHealth } from './pool-health.ts';

const never = { http_failures: 0, tcp_failures: 0, timeouts: 0 };
const checks = upstreamSchema.parse({ nodes: [], checks: { passive: { unhealthy: never } } }).checks;
const probed = upstreamSchema.parse({ nodes: [], checks: { active: {}, passive: {} } }).checks;
const ejection = { failures: 3, baseMs: 1000, maxMs: 2500, maxShare: 0.5 };

let board: HealthBoard;
beforeEach(() => {
  vi.useFakeTimers();
  board = new HealthBoard();
});
afterEach(() => vi.useRealTimers());

function start(count: number, resilience: Partial<Resilience> = {}, of: Upstream['checks'] = checks) {
  const nodes = Array.from({ length: count }, (_, index) =>
    createNode({ host: `n${index}`, port: 1, weight: 10, priority: 0 }),
  );
  const health = new PoolHealth({
    key: { groupId: 'g', owner: 'upstream/u' },
    checks: of,
    tls: null,
    resilience: () => ({ ...defaultResilience, ejection, ...resilience }),
    subjectOf: ({ host }) => ({ groupId: 'g', tenantId: 't', host }),
    now: () => 1,
    services: { board, probing: null },
  });
  health.setNodes(nodes);
  const failAll = (...failing: readonly Node[]) => {
    for (const node of failing) for (let index = 0; index < 3; index++) health.answered(node, 500);
  };
  return { nodes, health, failAll, shares: () => nodes.map(({ share }) => share) };
}

describe('ejection', () => {
  it('comes with failures in a row only', () => {
    const { nodes, health, shares } = start(2);
    for (const status of [500, 503, 200, 500, 500]) health.answered(nodes[0]!, status);
    expect(shares()).toEqual([10, 10]);
    health.failed(nodes[0]!, 'tcpFailure');
    expect(shares()).toEqual([0, 10]);
    expect(board.status()).toMatchObject({ healthy: 1, ejected: 1, troubled: [{ node: 'n0:1', state: 'ejected' }] });
    expect(board.status().troubled[0]?.reason).toContain('3 calls in a row');
  });

  it('lasts longer each time, up to a bound, and starts anew after a long good time', () => {
    const { nodes, failAll, shares } = start(2);
    const [node] = nodes as [Node];
    const lasts = () => {
      failAll(node);
      expect(shares()).toEqual([0, 10]);
      let lasted = 0;
      for (; node.share === 0; lasted += 500) vi.advanceTimersByTime(500);
      return lasted;
    };
    expect([lasts(), lasts(), lasts(), lasts()]).toEqual([1500, 2500, 3000, 3000]);
    vi.advanceTimersByTime(10_000);
    expect(lasts()).toBe(1500);
  });

  it('leaves the share of nodes that must stay', () => {
    const { nodes, failAll, shares } = start(4);
    failAll(...nodes);
    expect(shares()).toEqual([0, 0, 10, 10]);
  });

  it('of one node is always possible, and of the only one changes nothing', () => {
    const { nodes, failAll, shares } = start(1);
    failAll(...nodes);
    expect(shares()).toEqual([10]);
    const two = start(2, { ejection: { ...ejection, maxShare: 0.1 } });
    two.failAll(...two.nodes);
    expect(two.shares()).toEqual([0, 10]);
  });

  it('is off unless it is asked for', () => {
    const { nodes, failAll, shares } = start(2, { ejection: defaultResilience.ejection });
    for (let index = 0; index < 100; index++) failAll(nodes[0]!);
    expect(shares()).toEqual([10, 10]);
  });
});

describe('slow start', () => {
  it('gives a node that returns its share in steps', () => {
    const { nodes, failAll, shares } = start(2, { slowStartMs: 1000 });
    failAll(nodes[0]!);
    vi.advanceTimersByTime(1001);
    expect(shares()).toEqual([1, 10]);
    vi.advanceTimersByTime(450);
    expect(shares()[0]).toBeGreaterThan(3);
    expect(shares()[0]).toBeLessThan(10);
    vi.advanceTimersByTime(700);
    expect(shares()).toEqual([10, 10]);
  });

  it('holds for a node that has become healthy, and for one that is new', () => {
    const { nodes, health, shares } = start(2, { slowStartMs: 1000 }, probed);
    const verdict = { groupId: 'g', owner: 'upstream/u', node: 'n0:1', reason: '', since: 1 };
    board.apply([{ ...verdict, isHealthy: false }]);
    expect(shares()).toEqual([0, 10]);
    board.apply([{ ...verdict, isHealthy: true }]);
    expect(shares()).toEqual([1, 10]);
    vi.advanceTimersByTime(1100);
    const more = [...nodes, createNode({ host: 'new', port: 1, weight: 10, priority: 0 })];
    health.setNodes(more);
    expect(more.map(({ share }) => share)).toEqual([10, 10, 1]);
  });

  it('leaves no timer behind when the upstream is gone', () => {
    const { nodes, health, failAll } = start(2, { slowStartMs: 1000 });
    failAll(nodes[0]!);
    health.retire();
    expect(vi.getTimerCount()).toBe(0);
  });
});
