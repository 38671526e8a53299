import type { CallMetrics } from '../metrics.ts';
import type { PolicyRegistry } from '../policy/policy-set.ts';
import type { QuotaEnvironment } from '../quota/quota-table.ts';
import type { GroupCounters } from '../shared-counters/group-counters.ts';
import type { UpstreamEnvironment } from '../upstream/upstream-environment.ts';

/** What compilers get from the engine. */
export interface CompilerEnvironment {
  readonly registry: PolicyRegistry;
  /** False where configuration is only checked, and others serve it: then nothing is kept ready for calls. */
  readonly serves: boolean;
  /** Several tenants share the data plane. */
  readonly isShared: boolean;
  readonly metrics: CallMetrics;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly quota: QuotaEnvironment;
  /** What the group counts on all workers. */
  readonly counters: GroupCounters;
  /** Absent where configuration is only checked. */
  readonly upstreams?: UpstreamEnvironment;
}
