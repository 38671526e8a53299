import { portalErrors } from '@tollgate/contracts/rest/portal';
import { ApiError } from '@tollgate/platform';

/** From which state a step leads where; a state that a step does not name has no such step. */
export type StateMachine<State extends string, Step extends string> = Readonly<
  Record<Step, Readonly<Partial<Record<State, State>>>>
>;

/**
 * State after a step. A step that leads to the state it starts from changes nothing, so repeating a request is safe.
 * @throws ApiError `portal.state_conflict` when the state has no such step.
 */
export function nextState<State extends string, Step extends string>(
  machine: StateMachine<State, Step>,
  state: State,
  step: Step,
): State {
  const next: State | undefined = machine[step][state];
  if (next === undefined) throw stateConflict(step, state);
  return next;
}

/** Refusal of a step that the present state does not have. */
export function stateConflict(step: string, state: string): ApiError {
  return new ApiError(portalErrors.stateConflict, { detail: `The state is ${state}; this has no step “${step}”.` });
}
