import { GroupCompiler } from '../compile/group-compiler.ts';
import { silentMetrics } from '../metrics.ts';
import type { AnyPolicy } from '../policy/define-policy.ts';
import { PolicyRegistry } from '../policy/policy-set.ts';
import { GroupCounters } from '../shared-counters/group-counters.ts';
import { alone } from '../shared-counters/worker-place.ts';

/** A compiler of one group, without an engine around it. */
export function newCompiler(policies: readonly AnyPolicy[] = [], { serves = true } = {}): GroupCompiler {
  const counters = new GroupCounters(alone);
  return new GroupCompiler('g1', {
    registry: new PolicyRegistry(policies, { isShared: false }),
    serves,
    isShared: false,
    metrics: silentMetrics,
    now: Date.now,
    quota: { now: Date.now, stream: () => null, heardAt: () => null, memory: counters.memory, place: alone },
    counters,
  });
}
