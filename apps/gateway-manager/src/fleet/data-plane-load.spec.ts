import { describe, expect, it } from 'vitest';
import { heartbeat } from '@tollgate/contracts/dataplane';
import { loadOf } from './data-plane-load.ts';

const lastSeenAt = new Date('2026-05-01T00:00:00Z');
const old = { cpu: 3, memoryBytes: 1000, calls: 7 };
const load = { ...old, cores: 4, callsPerSecond: 2.5, connections: 9, eventLoopDelayP99Ms: 1.5 };

describe('the load of a data plane', () => {
  it('is what its last heartbeat told, the processor as a share of all its cores', () => {
    expect(loadOf({ load, lastSeenAt, status: 'online' })).toEqual({
      measuredAt: '2026-05-01T00:00:00.000Z',
      callsPerSecond: 2.5,
      connections: 9,
      cpuShare: 0.75,
      memoryBytes: 1000,
      eventLoopDelayP99Ms: 1.5,
    });
    expect(loadOf({ load: { ...load, cpu: 9 }, lastSeenAt, status: 'degraded' })?.cpuShare).toBe(1);
  });

  it('lacks what an earlier release does not send, and nothing else', () => {
    const beat = heartbeat.shape.load.parse(old);
    const unknown = { callsPerSecond: null, connections: null, cpuShare: null, eventLoopDelayP99Ms: null };
    expect(loadOf({ load: beat, lastSeenAt, status: 'online' })).toMatchObject({ memoryBytes: 1000, ...unknown });
  });

  it('is not told of one that was never heard of, or is offline', () => {
    expect(loadOf({ load: null, lastSeenAt: null, status: 'unknown' })).toBeNull();
    expect(loadOf({ load, lastSeenAt, status: 'offline' })).toBeNull();
  });
});
