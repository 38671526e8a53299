import type { ApprovalMode, Developer, DeveloperState } from '@tollgate/contracts/rest/portal';
import type { StateMachine } from '../shared/state-machine.ts';

export type DeveloperStep = 'approve' | 'refuse' | 'suspend' | 'resume';

/** Refusing is no sentence for life: an administrator may approve later. */
export const developerMachine: StateMachine<DeveloperState, DeveloperStep> = {
  approve: { pending: 'approved', approved: 'approved', refused: 'approved' },
  refuse: { pending: 'refused', refused: 'refused' },
  suspend: { approved: 'suspended', suspended: 'suspended' },
  resume: { suspended: 'approved', approved: 'approved' },
};

/** State after the mail address was proved: with automatic approval that is all that was missing. */
export function afterVerification(state: DeveloperState, approval: ApprovalMode): DeveloperState {
  return state === 'pending' && approval === 'automatic' ? 'approved' : state;
}

/** Whether a session may begin or go on. */
export function mayLogIn({ state }: Pick<Developer, 'state'>): boolean {
  return state === 'pending' || state === 'approved';
}
