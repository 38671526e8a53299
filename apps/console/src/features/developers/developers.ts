import type { components } from '@tollgate/client';
import type { Tone } from '@tollgate/ui';

export type Developer = components['schemas']['Developer'];

/** How a developer stands, in a colour. */
export const stateTones: Readonly<Record<Developer['state'], Tone>> = {
  pending: 'warning',
  approved: 'success',
  refused: 'neutral',
  suspended: 'danger',
};

export const states = ['pending', 'approved', 'suspended', 'refused'] as const;
