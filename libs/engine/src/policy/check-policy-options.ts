import type { ResourceFault } from '@tollgate/contracts/gateway';
import { silentMetrics } from '../metrics.ts';
import type { AnyPolicy } from './define-policy.ts';
import { optionFaults } from './policy-set.ts';

/** Compiles options for nothing but their faults, as where they are edited. */
export function checkPolicyOptions(policy: AnyPolicy, options: unknown): ResourceFault[] {
  try {
    policy.compileChecked(options, {
      groupId: 'check',
      owner: 'check',
      credentials: { version: 0, find: () => undefined },
      metadata: {},
      metrics: silentMetrics,
      now: Date.now,
      shared: (_key, create) => create(),
    });
    return [];
  } catch (cause) {
    return optionFaults(cause, []);
  }
}
