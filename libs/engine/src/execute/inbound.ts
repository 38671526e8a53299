import type { Suspension } from '@tollgate/contracts/gateway';
import type { ErrorDefinition } from '@tollgate/contracts/errors';
import { engineErrors } from '../engine.errors.ts';
import { andThen, type Eventual, type Verdict } from '../policy/call.ts';
import { runInbound } from '../policy/pipeline.ts';
import { holdQuota } from '../quota/quota-hold.ts';
import type { HttpCall } from './http-call.ts';

const suspensionErrors: Record<Suspension['reason'], ErrorDefinition> = {
  pending: engineErrors.subscriptionPending,
  suspended: engineErrors.subscriptionSuspended,
  expired: engineErrors.subscriptionExpired,
  'spending-stop': engineErrors.spendingStop,
  quota: engineErrors.quotaExhausted,
  tenant: engineErrors.tenantSuspended,
};

/**
 * Everything that is decided before a call goes to its upstream: state of the group, global rules, the route, who calls, what
 * the caller may, the policies of both. A verdict ends it.
 */
export function decide(call: HttpCall): Eventual<Verdict | undefined> {
  const suspension = call.program.access.groupSuspension();
  if (suspension !== undefined) return call.reject(groupSuspensionError(suspension.reason));
  call.match =
    call.program.router.match({
      host: call.host,
      path: call.path,
      method: call.method,
      clientAddress: call.clientAddress,
      variable: (name) => call.variable(name),
    }) ?? null;
  const { globalPipeline } = call.program;
  return sequence([
    () => globalPipeline.rewrite(call),
    () => globalPipeline.request(call),
    () => (call.match === null ? routeNotFound(call) : decideOnRoute(call)),
  ]);
}

function decideOnRoute(call: HttpCall): Eventual<Verdict | undefined> {
  const route = call.match?.route;
  if (route === undefined) return undefined;
  const { pipeline } = route;
  call.pipeline = pipeline;
  return sequence([
    () => pipeline.rewrite(call),
    () => checkAccess(call),
    () => bringInCallerPolicies(call),
    () => call.pipeline?.request(call),
  ]);
}

function checkAccess(call: HttpCall): Verdict | undefined {
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
function bringInCallerPolicies(call: HttpCall): Eventual<Verdict | undefined> {
  const policies = call.caller === null ? null : call.program.access.policiesOf(call.caller);
  if (policies === null || call.pipeline === null) return undefined;
  const { pipeline, lateRewrite } = call.pipeline.forCaller(policies);
  call.pipeline = pipeline;
  return runInbound(lateRewrite, call);
}

function routeNotFound(call: HttpCall): Verdict {
  const apisixBody = { error_msg: '404 Route Not Found' };
  return call.reject(engineErrors.routeNotFound, engineErrors.routeNotFound.title, { apisixBody });
}

function groupSuspensionError(reason: Suspension['reason']): ErrorDefinition {
  return reason === 'suspended' ? engineErrors.tenantSuspended : suspensionErrors[reason];
}

function sequence(steps: readonly (() => Eventual<Verdict | undefined>)[]): Eventual<Verdict | undefined> {
  const [first, ...rest] = steps;
  if (first === undefined) return undefined;
  return andThen(first(), (verdict) => verdict ?? sequence(rest));
}
