import { upstreamSchema } from '@tollgate/contracts/gateway';
import { describe, expect, it } from 'vitest';
import { defaultResilience } from './resilience.ts';
import { UpstreamPool } from './upstream-pool.ts';

function poolOf(nodes: Record<string, number>, before: UpstreamPool | null = null, slowStartMs = 60_000): UpstreamPool {
  const surroundings = {
    key: { groupId: 'g', owner: 'upstream/u' },
    now: Date.now,
    tenantId: () => 't',
    resilience: () => ({ ...defaultResilience, slowStartMs }),
    health: null,
    discovery: null,
  };
  return new UpstreamPool(upstreamSchema.parse({ nodes }), surroundings, before);
}

const shares = (pool: UpstreamPool) => pool.nodes.map(({ share }) => share);

describe('a pool', () => {
  it('lets nodes start slowly that its predecessor did not have', () => {
    const first = poolOf({ 'a:1': 10, 'b:1': 10 });
    expect(shares(first)).toEqual([10, 10]);
    const second = poolOf({ 'a:1': 10, 'c:1': 10 }, first);
    expect(shares(second)).toEqual([10, 1]);
    second.retire();
  });

  it('refuses hosts that could not stand in a request', () => {
    const surroundings = {
      key: { groupId: 'g', owner: 'upstream/u' },
      now: Date.now,
      tenantId: () => 't',
      resilience: () => defaultResilience,
      health: null,
      discovery: null,
    };
    const upstream = upstreamSchema.parse({ nodes: [{ host: 'a\r\nx: y', port: 1, weight: 1 }] });
    expect(() => new UpstreamPool(upstream, surroundings)).toThrow('neither a name nor an address');
  });

  it('without checks and slow start has nothing that could cost a call', () => {
    const pool = poolOf({ 'a:1': 1 }, poolOf({ 'b:1': 1 }), 0);
    expect(pool.judge).toBeNull();
    expect(shares(pool)).toEqual([1]);
  });
});
