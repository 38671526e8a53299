import { z } from 'zod';
import type { Permission } from '../auth/index.ts';

/** What became of something that referred to what was deleted. */
export const dependantEffects = [
  'cancelled',
  'suspended',
  'off-sale',
  'disabled',
  'detached',
  'revoked',
  'deleted',
] as const;

/** Most dependants that the answer of a forced delete and its audit entry list; `total` counts all. */
export const maxListedDependants = 200;

export const dependant = z
  .object({
    kind: z.string().meta({ examples: ['subscription'] }),
    id: z.string(),
    effect: z.enum(dependantEffects).meta({
      description:
        '`cancelled`: ended for good; `suspended`: stopped until resumed; `off-sale`: can no longer be subscribed to; `disabled`: serves nothing until it is enabled; ' +
        '`detached`: only its reference was removed; `revoked`: refused for good; `deleted`: gone as well.',
    }),
  })
  .meta({ id: 'Dependant' });
export type Dependant = z.output<typeof dependant>;

/** Answer of a delete with `force=true`. */
export const forcedDeletion = z
  .object({
    dependants: z.array(dependant).max(maxListedDependants),
    total: z.number().int().nonnegative().meta({ description: 'How many there are; the list is cut.' }),
  })
  .meta({ id: 'ForcedDeletion', description: 'What referred to the deleted object, and what became of it.' });
export type ForcedDeletion = z.output<typeof forcedDeletion>;

/** What `force=true` does on a delete. */
export interface ForceSpec {
  /** What becomes of those who refer to the object; a sentence of the endpoint's description. */
  readonly effect: string;
  /** All needed beyond the endpoint's own access. */
  readonly permissions?: readonly Permission[];
}

/**
 * The parts of a delete that takes `force`: 204 as always, or 200 with a {@link ForcedDeletion} when it was forced. Refused with
 * `resource.in_use` otherwise, so the endpoint declares that error too.
 */
export function withForce(force: ForceSpec) {
  return { force, response: forcedDeletion.optional(), status: 204, dryRun: true } as const;
}
