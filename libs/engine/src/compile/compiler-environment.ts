import type { CallMetrics } from '../metrics.ts';
import type { PolicyRegistry } from '../policy/policy-set.ts';
import type { QuotaEnvironment } from '../quota/quota-table.ts';
import type { GroupCounters } from '../shared-counters/group-counters.ts';

/** What compilers get from the engine. */
export interface CompilerEnvironment {
  readonly registry: PolicyRegistry;
  readonly metrics: CallMetrics;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly quota: QuotaEnvironment;
  /** What the group counts on all workers. */
  readonly counters: GroupCounters;
}
