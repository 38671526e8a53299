import type { Discovery } from '../discovery/discovery.ts';
import type { HealthServices } from './health/pool-health.ts';
import type { Resilience } from './resilience.ts';

/** What upstreams work with in an engine. */
export interface UpstreamEnvironment {
  readonly health: HealthServices;
  /** What groups leave out. */
  readonly resilience: Resilience;
  readonly discovery: Discovery;
}
