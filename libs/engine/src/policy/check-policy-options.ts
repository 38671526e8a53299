import type { ResourceFault } from '@tollgate/contracts/gateway';
import { silentMetrics } from '../metrics.ts';
import { GroupCounters } from '../shared-counters/group-counters.ts';
import { alone } from '../shared-counters/worker-place.ts';
import type { AnyPolicy } from './define-policy.ts';
import { optionFaults } from './policy-set.ts';

/** Nobody counts in it. */
const counters = new GroupCounters(alone);

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
      windows: () => counters.windows('check'),
    });
    return [];
  } catch (cause) {
    return optionFaults(cause, []);
  }
}

/** Reads what a consumer carries of an authentication policy for nothing but its faults. */
export function checkCredentialOptions(
  { lookupKeyOf }: NonNullable<AnyPolicy['credential']>,
  options: unknown,
): ResourceFault[] {
  try {
    lookupKeyOf(options);
    return [];
  } catch (cause) {
    return optionFaults(cause, []);
  }
}
