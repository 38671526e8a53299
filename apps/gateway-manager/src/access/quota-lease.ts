import type { QuotaPeriod } from '@tollgate/contracts/events';
import type { QuotaLease, UsageWatermark } from '@tollgate/contracts/gateway';
import type { PortalPlanVersion } from './portal-objects.ts';

/** What is known of a subscription's use of its quota. */
export interface QuotaMeter {
  subscriptionId: string;
  /** Data planes that its leases are for: one counts once for each group of the subscription that it serves. */
  dataPlanes: number;
  /** Null until analytics has told; then nothing is used, as far as is known, and the period has no end. */
  period: QuotaPeriod | null;
  periodEnd: string | null;
  used: number;
  watermarks: UsageWatermark[];
}

/** Most calls in one lease: bounds what data planes that came after it was written may answer over the quota. */
export const maxLease = 50_000;

/** An equal share of what remains for each data plane; at least one call while anything does. */
export function leaseOf(remaining: number, dataPlanes: number): number {
  if (remaining <= 0) return 0;
  return Math.min(maxLease, Math.max(1, Math.floor(remaining / Math.max(1, dataPlanes))));
}

/**
 * The lease of a subscription. It depends on what is stored alone, so that reconciliation finds it as it is. What was metered for
 * another kind of period, before a change of plan, says nothing about this one.
 */
export function compileQuotaLease(quota: NonNullable<PortalPlanVersion['quota']>, meter: QuotaMeter): QuotaLease {
  const { dataPlanes, period, periodEnd, watermarks } = meter;
  const isKnown = period === quota.period;
  const used = isKnown ? meter.used : 0;
  return {
    limit: quota.calls,
    used,
    lease: leaseOf(quota.calls - used, dataPlanes),
    nextLease: leaseOf(quota.calls, dataPlanes),
    ...(isKnown && periodEnd !== null ? { periodEnd } : {}),
    watermarks,
  };
}
