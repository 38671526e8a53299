import type { Tone } from '@tollgate/ui';
import type { DataPlane, RolloutState } from './group-health.ts';

type Status = DataPlane['status'];

/** What the colour of a data plane's state says. */
export const statusTones: Readonly<Record<Status, Tone>> = {
  online: 'success',
  'out-of-date': 'warning',
  degraded: 'warning',
  unknown: 'neutral',
  offline: 'danger',
};

/** The same as a dot. */
export const statusDots: Readonly<Record<Status, string>> = {
  online: 'bg-success',
  'out-of-date': 'bg-warning',
  degraded: 'bg-warning',
  unknown: 'bg-line-strong',
  offline: 'bg-danger',
};

/** What the colour of a revision's arrival says. */
export const rolloutTones: Readonly<Record<RolloutState, Tone>> = {
  live: 'success',
  waiting: 'info',
  refused: 'danger',
  away: 'neutral',
};

/** How a meter of a share of the processor looks: full is a warning, nearly full an alarm. */
export function busyness(share: number): string {
  if (share >= 0.9) return 'bg-danger';
  return share >= 0.7 ? 'bg-warning' : 'bg-accent';
}
