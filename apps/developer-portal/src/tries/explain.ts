import type { TryTrace } from '@tollgate/contracts/dataplane';
import type { TryExplanation } from '@tollgate/contracts/rest/portal';

/** What a developer may know of a trace: neither nodes nor policies, but what has refused the request and why. */
export function explain(trace: TryTrace, docsUrl: string): TryExplanation {
  const { requestId, route, nearMisses, consumer, answeredBy, refusal, billable, totalMs, upstreamMs } = trace;
  return {
    requestId,
    route,
    nearMisses: nearMisses.map(({ name, mismatch, expected }) => ({ name, mismatch, expected })),
    subscriptionId: consumer?.id.startsWith('sub_') === true ? consumer.id : null,
    answeredBy: answeredBy === 'upstream' ? 'api' : 'gateway',
    refusal:
      refusal === null
        ? null
        : {
            by: refusal.policy,
            status: refusal.status,
            code: refusal.code,
            detail: refusal.detail,
            docsUrl: `${docsUrl}#${refusal.code.replaceAll('.', '-')}`,
          },
    billable,
    totalMs,
    apiMs: upstreamMs,
  };
}
