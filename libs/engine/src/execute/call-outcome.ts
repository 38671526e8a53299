import type { Ledger } from '../account/ledger.ts';
import type { EngineMetrics } from '../metrics.ts';
import type { Outcome } from '../policy/call.ts';
import { settleQuota } from '../quota/quota-hold.ts';
import type { CallState } from './call-state.ts';

/** What a call is accounted with. */
export interface Accounting {
  readonly ledger: Ledger;
  readonly metrics: EngineMetrics;
}

/** Accounts for a call that is over: quota, ledger, and the policies that look at outcomes. */
export function account({ ledger, metrics }: Accounting, call: CallState, outcome: Outcome): void {
  const endedAt = call.arrivedAt + outcome.latencyUs / 1000;
  settleQuota(call, outcome.billable, endedAt);
  ledger.count(call.lane, outcome, endedAt);
  call.program.watch?.ended(call, outcome);
  try {
    call.program.globalPipeline.log(call, outcome);
    if (call.pipeline !== null) call.pipeline.log(call, outcome);
  } catch (cause) {
    metrics.failure(cause, call.requestId);
  }
}
