import type { DataPlaneLoad } from '@tollgate/contracts/rest/gateway';
import type { DataPlaneEntity } from './data-plane.entity.ts';

/** What a data plane does; null where nothing is known of it, or nothing any more. */
export function loadOf({
  load,
  lastSeenAt,
  status,
}: Pick<DataPlaneEntity, 'load' | 'lastSeenAt' | 'status'>): DataPlaneLoad | null {
  if (load === null || lastSeenAt === null || status === 'offline') return null;
  const { cpu, cores, memoryBytes, callsPerSecond, connections, eventLoopDelayP99Ms } = load;
  return {
    measuredAt: lastSeenAt.toISOString(),
    callsPerSecond: callsPerSecond ?? null,
    connections: connections ?? null,
    cpuShare: cores === undefined ? null : Math.min(1, cpu / cores),
    memoryBytes,
    eventLoopDelayP99Ms: eventLoopDelayP99Ms ?? null,
  };
}
