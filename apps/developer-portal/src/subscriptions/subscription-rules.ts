import type { PlanVersion, Subscription, SubscriptionState } from '@tollgate/contracts/rest/portal';
import { nextState, stateConflict, type StateMachine } from '../shared/state-machine.ts';

/** Where a subscription stands: its state and the plan versions it has and asks for. */
export type Standing = Pick<Subscription, 'state' | 'planVersionId' | 'requestedPlanVersionId'>;

export type SubscriptionStep = 'approve' | 'refuse' | 'suspend' | 'resume' | 'cancel';

const machine: StateMachine<SubscriptionState, SubscriptionStep> = {
  approve: { pending: 'approved', approved: 'approved' },
  refuse: { pending: 'refused', refused: 'refused' },
  suspend: { approved: 'suspended', suspended: 'suspended' },
  resume: { suspended: 'approved', approved: 'approved' },
  cancel: { pending: 'cancelled', approved: 'cancelled', suspended: 'cancelled', cancelled: 'cancelled' },
};

/** States in which a subscription counts: its credentials exist and its plan version must stay known. */
export const liveStates: readonly SubscriptionState[] = ['pending', 'approved', 'suspended'];

/** Whether credentials can be issued and the product is taken. */
export function isLive({ state }: Pick<Standing, 'state'>): boolean {
  return liveStates.includes(state);
}

/** Whether an administrator is waited for. */
export function isWaiting({ state, requestedPlanVersionId }: Standing): boolean {
  return state === 'pending' || (state === 'approved' && requestedPlanVersionId !== null);
}

/** How a new subscription begins. */
export function begin(version: Pick<PlanVersion, 'id' | 'approval'>): Standing {
  const state = version.approval === 'automatic' ? 'approved' : 'pending';
  return { state, planVersionId: version.id, requestedPlanVersionId: null };
}

/**
 * Where a subscription stands after a step. Approving and refusing decide about a requested plan change where one waits; any
 * other step drops it.
 * @throws ApiError `portal.state_conflict` when the state has no such step.
 */
export function take(standing: Standing, step: SubscriptionStep): Standing {
  const { state, planVersionId, requestedPlanVersionId } = standing;
  if (state === 'approved' && requestedPlanVersionId !== null && (step === 'approve' || step === 'refuse')) {
    const chosen = step === 'approve' ? requestedPlanVersionId : planVersionId;
    return { state, planVersionId: chosen, requestedPlanVersionId: null };
  }
  return { state: nextState(machine, state, step), planVersionId, requestedPlanVersionId: null };
}

/**
 * Where a subscription stands after its developer chose another plan version. A pending one asks for the new version instead; an
 * approved one keeps its version until the new one is approved.
 * @throws ApiError `portal.state_conflict` unless it is pending or approved.
 */
export function choosePlan(standing: Standing, chosen: Pick<PlanVersion, 'id' | 'approval'>): Standing {
  if (standing.state === 'pending') return begin(chosen);
  if (standing.state !== 'approved') throw stateConflict('change-plan', standing.state);
  if (chosen.id === standing.planVersionId) return { ...standing, requestedPlanVersionId: null };
  if (chosen.approval === 'automatic') {
    return { state: 'approved', planVersionId: chosen.id, requestedPlanVersionId: null };
  }
  return { ...standing, requestedPlanVersionId: chosen.id };
}

/** Whether nothing would change. */
export function isSame(a: Standing, b: Standing): boolean {
  return (
    a.state === b.state && a.planVersionId === b.planVersionId && a.requestedPlanVersionId === b.requestedPlanVersionId
  );
}
