import type { Program } from '../compile/program.ts';
import { engineErrors } from '../engine.errors.ts';
import type { OwnError } from '../execute/own-answer.ts';
import type { EngineMetrics } from '../metrics.ts';
import type { ConnectionLease } from '../sockets/connection-limits.ts';

/** A request that is no call: it is answered, and is noise. */
export interface Noise {
  readonly error: OwnError['error'];
  /** The connection may go on: nothing was wrong but the host. */
  readonly keeps: boolean;
}

const tooManyOfClient: Noise = { error: engineErrors.clientConnections, keeps: false };
const tooManyOfTenant: Noise = { error: engineErrors.tenantConnections, keeps: false };

/** Turns a request away when its connection is one too many of its client or of the tenant that it is for. */
export function refuseOverstep(
  lease: ConnectionLease,
  program: Program | undefined,
  metrics: Pick<EngineMetrics, 'noise'>,
): Noise | null {
  const overstep = lease.admit(program === undefined ? null : program.settings.tenantId);
  if (overstep === null) return null;
  if (overstep === 'client') return tooManyOfClient;
  metrics.noise('connections-tenant');
  return tooManyOfTenant;
}
