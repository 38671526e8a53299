import type { NodeResult } from '@tollgate/contracts/dataplane';
import type { CompiledRoute } from '../compile/compiled-route.ts';
import type { Outcome, Verdict } from '../policy/call.ts';
import type { CallState } from './call-state.ts';
import type { OwnError } from './own-answer.ts';

/** What watches the one call of a try (see `trials`). The program of every other call has none. */
export interface CallWatch {
  /** Whether the call is charged to its caller as if the caller had made it; one that an administrator tries is nobody's. */
  readonly isCharged: boolean;
  /** The route is known: puts its policies, watched, into the call, or refuses a route that may not be tried. */
  routed(call: CallState, route: CompiledRoute): Verdict | undefined;
  /** The call goes to a node now, after others or not. */
  asked(node: string): void;
  /** What has become of that. @param status of the answer, if there was one. */
  told(result: NodeResult, status: number | null): void;
  /** Somebody has answered in place of the upstream, or the upstream could not. */
  refused(refusal: Verdict | OwnError): void;
  /** The call is over, and accounted for next. */
  ended(call: CallState, outcome: Outcome): void;
}
