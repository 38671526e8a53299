import type { Suspension } from '@tollgate/contracts/gateway';
import type { ErrorDefinition } from '@tollgate/contracts/errors';
import { engineErrors } from '../engine.errors.ts';
import { andThen, type Eventual, type Verdict } from '../policy/call.ts';
import { runInbound } from '../policy/pipeline.ts';
import { holdQuota } from '../quota/quota-hold.ts';
import type { CallState } from './call-state.ts';
import { refuseWithoutCertificate } from './client-certificate.ts';

const suspensionErrors: Record<Suspension['reason'], ErrorDefinition> = {
  pending: engineErrors.subscriptionPending,
  suspended: engineErrors.subscriptionSuspended,
  expired: engineErrors.subscriptionExpired,
  'spending-stop': engineErrors.spendingStop,
  quota: engineErrors.quotaExhausted,
  tenant: engineErrors.tenantSuspended,
};

type Step = (call: CallState) => Eventual<Verdict | undefined>;

/** What is decided before a call goes to its upstream, in this order. */
const steps: readonly Step[] = [
  refuseWithoutCertificate,
  refuseSuspendedGroup,
  matchRoute,
  (call) => call.program.globalPipeline.rewrite(call),
  (call) => call.program.globalPipeline.request(call),
  refuseWithoutRoute,
  (call) => call.pipeline?.rewrite(call),
  checkAccess,
  bringInCallerPolicies,
  (call) => call.pipeline?.request(call),
];

/**
 * Everything that is decided before a call goes to its upstream: state of the group, global rules, the route, who calls, what
 * the caller may, the policies of both. A verdict ends it.
 */
export function decide(call: CallState, from = 0): Eventual<Verdict | undefined> {
  for (let index = from; index < steps.length; index++) {
    const verdict = steps[index]!(call);
    if (verdict === undefined) continue;
    if (!(verdict instanceof Promise)) return verdict;
    return andThen(verdict, (late) => late ?? decide(call, index + 1));
  }
  return undefined;
}

function refuseSuspendedGroup(call: CallState): Verdict | undefined {
  const suspension = call.program.access.groupSuspension();
  return suspension === undefined ? undefined : call.reject(groupSuspensionError(suspension.reason));
}

function matchRoute(call: CallState): undefined {
  call.match = call.program.router.match(call) ?? null;
}

function refuseWithoutRoute(call: CallState): Verdict | undefined {
  if (call.match === null) {
    const apisixBody = { error_msg: '404 Route Not Found' };
    return call.reject(engineErrors.routeNotFound, engineErrors.routeNotFound.title, { apisixBody });
  }
  call.pipeline = call.match.route.pipeline;
  return undefined;
}

function checkAccess(call: CallState): Verdict | undefined {
  const { caller, match, program } = call;
  const { access } = program;
  if (caller !== null) {
    const suspension = access.suspensionOf(caller);
    if (suspension !== undefined) return call.reject(suspensionErrors[suspension.reason]);
    if (caller.consumerGroupId !== null && !access.hasGroup(caller.consumerGroupId)) {
      return call.reject(engineErrors.planMissing);
    }
  }
  switch (match === null ? 'pass' : access.checkBinding(match.route, caller)) {
    case 'pass':
      return holdQuota(call);
    case 'credential-required':
      return call.reject(engineErrors.credentialRequired);
    case 'other-product':
      return call.reject(engineErrors.otherProduct);
  }
}

/** Puts the caller's own policies above those of the route and catches up on their rewrites. */
function bringInCallerPolicies(call: CallState): Eventual<Verdict | undefined> {
  const policies = call.caller === null ? null : call.program.access.policiesOf(call.caller);
  if (policies === null || call.pipeline === null) return undefined;
  const { pipeline, lateRewrite } = call.pipeline.forCaller(policies);
  call.pipeline = pipeline;
  return runInbound(lateRewrite, call);
}

function groupSuspensionError(reason: Suspension['reason']): ErrorDefinition {
  return reason === 'suspended' ? engineErrors.tenantSuspended : suspensionErrors[reason];
}
