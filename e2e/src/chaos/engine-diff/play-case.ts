import type { DiffCase } from './diff-case.ts';
import { type Disagreement, findDisagreement } from './disagreement.ts';
import type { Front } from './fronts.ts';
import { findViolation, type Violation } from './invariants.ts';
import { observe, type Patience } from './observe.ts';
import { explain } from './rules.ts';

/** The three proxies. */
export interface Fronts {
  readonly gateway: Front;
  readonly peers: readonly (Front & { readonly name: Disagreement['peer'] })[];
}

/** What one case showed. */
export interface Finding {
  readonly violation: Violation | null;
  readonly unexplained: readonly Disagreement[];
  /** Reasons of the rules that explained a difference. */
  readonly reasons: readonly string[];
}

/** The first look, the second one at what seemed wrong, and those while a case is made smaller. */
export const patience = {
  first: { owedMs: 2_000, refusableMs: 150, surplusMs: 30 },
  sure: { owedMs: 3_000, refusableMs: 1_000, surplusMs: 300 },
  small: { owedMs: 300, refusableMs: 200, surplusMs: 50 },
} satisfies Record<string, Patience>;

/** Sends a case to all three. What looks wrong is looked at again, with more patience, before it counts. */
export async function playCase(fronts: Fronts, diffCase: DiffCase): Promise<Finding> {
  const finding = await playOnce(fronts, diffCase, patience.first);
  return isClean(finding) ? finding : playOnce(fronts, diffCase, patience.sure);
}

/** Nothing to report. */
export function isClean({ violation, unexplained }: Finding): boolean {
  return violation === null && unexplained.length === 0;
}

/** One look without a second one. */
export async function playOnce({ gateway, peers }: Fronts, diffCase: DiffCase, granted: Patience): Promise<Finding> {
  const [ours, ...theirs] = await Promise.all([gateway, ...peers].map((front) => observe(front, diffCase, granted)));
  if (ours === undefined) throw new Error('there is no gateway');
  const disagreements = peers
    .map(({ name }, index) => {
      const observed = theirs[index];
      return observed === undefined ? null : findDisagreement(diffCase, ours, { name, observed });
    })
    .filter((disagreement) => disagreement !== null);
  const judged = disagreements.map((disagreement) => ({ disagreement, rule: explain(disagreement) }));
  return {
    violation: findViolation(diffCase, ours),
    unexplained: judged.filter(({ rule }) => rule === null).map(({ disagreement }) => disagreement),
    reasons: judged.flatMap(({ rule }) => (rule === null ? [] : [rule.reason])),
  };
}

/** Two findings are of the same kind: a smaller case shows still what the larger did. */
export function isSameKind(one: Finding, other: Finding): boolean {
  if (one.violation !== other.violation) return false;
  const [first] = one.unexplained;
  return first === undefined
    ? other.violation !== null
    : other.unexplained.some((found) => kindOf(found) === kindOf(first));
}

/** Who, what the reference says, and how it was refused. */
export function kindOf({ peer, accepts, parsed, refusal }: Disagreement): string {
  const seen = parsed === null ? 'beyond a fault' : parsed.kind === 'malformed' ? parsed.fault : parsed.kind;
  const [accepting, refusing] = accepts === 'peer' ? [peer, 'the gateway'] : ['the gateway', peer];
  return `${accepting} accepts, ${refusing} refuses${refusal === 0 ? '' : ` with ${refusal}`}: ${seen}`;
}
