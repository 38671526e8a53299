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

const stepCount = 9;

/** What is decided before a call goes to its upstream, in this order. Not a list of functions, because calling those costs more than most do. */
function runStep(index: number, call: CallState): Eventual<Verdict | undefined | void> {
  switch (index) {
    case 0:
      return refuseOutright(call);
    case 1:
      return matchRoute(call);
    case 2:
      return call.program.globalPipeline.rewrite(call);
    case 3:
      return call.program.globalPipeline.request(call);
    case 4:
      return refuseWithoutRoute(call);
    case 5:
      return call.pipeline?.rewrite(call);
    case 6:
      return checkAccess(call);
    case 7:
      return bringInCallerPolicies(call);
    default:
      return call.pipeline?.request(call);
  }
}

/**
 * Everything that is decided before a call goes to its upstream: state of the group, global rules, the route, who calls, what
 * the caller may, the policies of both. A verdict ends it.
 */
export function decide(call: CallState, from = 0): Eventual<Verdict | undefined> {
  for (let index = from; index < stepCount; index++) {
    const verdict = runStep(index, call);
    if (verdict === undefined) continue;
    if (!(verdict instanceof Promise)) return verdict;
    return andThen(verdict, (late) => late ?? decide(call, index + 1));
  }
  return undefined;
}

/** What no route can change: a loop, a host that demands a certificate, a suspended group. */
function refuseOutright(call: CallState): Verdict | undefined {
  if (call.isLooping) return call.reject(engineErrors.loopDetected);
  const refused = refuseWithoutCertificate(call);
  if (refused !== undefined) return refused;
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
  const { route } = call.match;
  const { watch } = call.program;
  if (watch !== null) return watch.routed(call, route);
  call.pipeline = route.pipeline;
  return undefined;
}

function checkAccess(call: CallState): Verdict | undefined {
  const { caller, match, program } = call;
  const { access } = program;
  if (caller !== null) {
    const { suspension, lacksGroup } = access.standingOf(caller);
    if (suspension !== undefined) return call.reject(suspensionErrors[suspension.reason]);
    if (lacksGroup) return call.reject(engineErrors.planMissing);
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
  const policies = call.caller === null ? null : call.program.access.standingOf(call.caller).policies;
  if (policies === null || call.pipeline === null) return undefined;
  const { pipeline, lateRewrite } = call.pipeline.forCaller(policies);
  call.pipeline = pipeline;
  return runInbound(lateRewrite, call);
}

function groupSuspensionError(reason: Suspension['reason']): ErrorDefinition {
  return reason === 'suspended' ? engineErrors.tenantSuspended : suspensionErrors[reason];
}
