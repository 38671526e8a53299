import type { Ledger } from '../account/ledger.ts';
import type { EngineMetrics } from '../metrics.ts';
import type { Outcome } from '../policy/call.ts';
import { settleQuota } from '../quota/quota-hold.ts';
import type { CallState } from './call-state.ts';
import type { CallWatch } from './call-watch.ts';

/** What a call is accounted with. */
export interface Accounting {
  readonly ledger: Ledger;
  readonly metrics: EngineMetrics;
}

/** A try is counted apart from calls, and charged only where it stands for a call of its caller. */
function accountTry(
  { ledger, watch }: Pick<Accounting, 'ledger'> & { readonly watch: CallWatch },
  call: CallState,
  { outcome, endedAt }: { readonly outcome: Outcome; readonly endedAt: number },
): void {
  const billable = outcome.billable && watch.isCharged;
  settleQuota(call, billable, endedAt);
  ledger.record({ ...call.laneName(), tried: true, ...outcome, billable, endedAt });
  watch.ended(call, outcome);
}

/** Accounts for a call that is over: quota, ledger, and the policies that look at outcomes. */
export function account({ ledger, metrics }: Accounting, call: CallState, outcome: Outcome): void {
  const endedAt = call.arrivedAt + outcome.latencyUs / 1000;
  const { watch } = call.program;
  if (watch === null) {
    settleQuota(call, outcome.billable, endedAt);
    ledger.count(call.lane, outcome, endedAt);
  } else {
    accountTry({ ledger, watch }, call, { outcome, endedAt });
  }
  try {
    call.program.globalPipeline.log(call, outcome);
    if (call.pipeline !== null) call.pipeline.log(call, outcome);
  } catch (cause) {
    metrics.failure(cause, call.requestId);
  }
}
