import { describe, expect, it } from 'vitest';
import { type DataPlane, type GatewayGroup, planesOf, rolloutOf, stateOf } from './group-health.ts';

const group = { id: 'grp_1', poolId: 'pool_1', revision: 7 } as GatewayGroup;

function plane(change: Partial<DataPlane> & { revision?: number; refused?: number } = {}): DataPlane {
  const { revision = 7, refused, ...rest } = change;
  const refusal =
    refused === undefined
      ? null
      : { sequence: 'revision' as const, position: refused, reason: 'invalid', detail: 'no such upstream' };
  return {
    id: 'dp_1',
    poolId: 'pool_1',
    status: 'online',
    revokedAt: null,
    groups: [{ groupId: 'grp_1', revision, access: 0, acknowledgedAt: null, refusal }],
    ...rest,
  } as DataPlane;
}

describe('health of a gateway group', () => {
  it('is healthy when every data plane is online with the revision in force', () => {
    expect(stateOf(group, [plane(), plane()])).toMatchObject({ health: 'healthy', total: 2, live: 2 });
  });

  it('needs attention while one is away or behind', () => {
    expect(stateOf(group, [plane(), plane({ status: 'offline' })]).health).toBe('attention');
    expect(stateOf(group, [plane(), plane({ revision: 6 })]).health).toBe('attention');
  });

  it('fails when a data plane refused the revision, when none is there, and when calls fail', () => {
    expect(stateOf(group, [plane({ revision: 6, refused: 7 })]).health).toBe('failing');
    expect(stateOf(group, [plane({ status: 'offline' })]).health).toBe('failing');
    expect(stateOf(group, [plane()], { calls: 100, failed: 10 }).health).toBe('failing');
    expect(stateOf(group, [plane()], { calls: 5, failed: 5 }).health).toBe('healthy');
  });

  it('does not count revoked data planes and those of other pools', () => {
    expect(planesOf(group, [plane({ revokedAt: '2026-01-01T00:00:00Z' }), plane({ poolId: 'pool_2' })])).toEqual([]);
    expect(stateOf(group, []).health).toBe('none');
  });

  it('forgets a refusal once a later revision is in force', () => {
    expect(rolloutOf(plane({ revision: 7, refused: 6 }), 'grp_1', 7)).toBe('live');
    expect(rolloutOf(plane({ revision: 5, refused: 6 }), 'grp_1', 7)).toBe('waiting');
  });
});
