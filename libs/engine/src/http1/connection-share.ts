import { engineErrors } from '../engine.errors.ts';
import type { CallState } from '../execute/call-state.ts';
import type { EngineMetrics } from '../metrics.ts';
import type { ConnectionLease } from '../sockets/connection-limits.ts';
import { isNoise, type Noise } from './admission.ts';

/** Turns a request away when its connection is one too many of its client or of the tenant that it is for. */
export function withinShare(
  admitted: CallState | Noise,
  lease: ConnectionLease,
  metrics: Pick<EngineMetrics, 'noise'>,
): CallState | Noise {
  switch (lease.admit(isNoise(admitted) ? null : admitted.program.settings.tenantId)) {
    case null:
      return admitted;
    case 'client':
      return { error: engineErrors.clientConnections, keeps: false };
    case 'tenant':
      metrics.noise('connections-tenant');
      return { error: engineErrors.tenantConnections, keeps: false };
  }
}
