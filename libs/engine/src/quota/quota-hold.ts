import { linkTiming } from '@tollgate/contracts/dataplane';
import type { ErrorDefinition } from '@tollgate/contracts/errors';
import type { Program } from '../compile/program.ts';
import { engineErrors } from '../engine.errors.ts';
import type { HeaderList } from '../execute/header-list.ts';
import type { Caller, RejectOptions, Verdict } from '../policy/call.ts';
import type { QuotaCounter } from './quota-counter.ts';

/** The parts of a call that quotas work with. */
export interface QuotaCall {
  readonly program: Program;
  readonly caller: Caller | null;
  readonly responseHeaders: HeaderList;
  /** What the call is counted by; `ended` once it is over. */
  quota: QuotaCounter | 'ended' | null;
  reject(error: ErrorDefinition, detail?: string, options?: RejectOptions): Verdict;
}

/** New leases come within this time while calls are made, seconds. */
const leaseSeconds = 1;

/** Counts the call as one that will be billed, or refuses it when its lease has no room. */
export function holdQuota(call: QuotaCall): Verdict | undefined {
  const { caller, program } = call;
  if (caller === null || call.quota !== null) return undefined;
  const { access } = program;
  const counter = access.standingOf(caller).quota;
  if (counter === undefined) return undefined;
  const { quotas } = access;
  const now = quotas.environment.now();
  const mode = program.settings.quotaWhenCutOff;
  const isCutOff = mode !== 'keep' && isSilent(quotas.environment.heardAt(), now);
  if (isCutOff && mode === 'refuse') return call.reject(engineErrors.accessStale);
  if (isCutOff) counter.begin();
  else if (!counter.tryBegin(now)) return refuse(call, counter, now);
  call.quota = counter;
  return undefined;
}

/** The call is over: it stays counted when it is billable. */
export function settleQuota(call: QuotaCall, isBillable: boolean, endedAt: number): void {
  const { quota } = call;
  call.quota = 'ended';
  if (quota !== null && quota !== 'ended') quota.end(isBillable, endedAt);
}

function isSilent(heardAt: number | null, now: number): boolean {
  return heardAt === null || now - heardAt > linkTiming.silenceTimeoutMs;
}

/** Nothing is left until the period ends, or this data plane's share is used up and the next comes soon. */
function refuse(call: QuotaCall, counter: QuotaCounter, now: number): Verdict {
  const isExhausted = counter.isExhausted(now);
  const untilEnd = Math.max(1, Math.ceil((counter.periodEnd - now) / 1000));
  const seconds = isExhausted ? untilEnd : leaseSeconds;
  if (Number.isFinite(seconds)) {
    call.responseHeaders.set('Retry-After', String(seconds));
    call.responseHeaders.set('RateLimit', `"quota";r=0;t=${seconds}`);
  }
  return isExhausted
    ? call.reject(engineErrors.quotaExhausted)
    : call.reject(
        engineErrors.quotaExhausted,
        'The part of the quota that this gateway had is used up; more may come.',
      );
}
