import { z } from 'zod';
import { resourceKinds, sequences } from '../gateway/resource.ts';
import { idSchema } from '../ids/index.ts';

/** Why one resource cannot be put in force. */
export const resourceRefusal = z.strictObject({
  kind: z.enum(resourceKinds),
  id: z.string().max(200),
  /** JSON pointer into the resource's value. */
  pointer: z.string().max(500),
  message: z.string().max(1000),
});
export type ResourceRefusal = z.infer<typeof resourceRefusal>;

const change = { groupId: idSchema('grp'), sequence: z.enum(sequences), position: z.number().int().nonnegative() };

const applied = z.strictObject({ outcome: z.literal('applied'), ...change });
const refused = z.strictObject({
  outcome: z.literal('refused'),
  ...change,
  reason: z.enum(['invalid', 'hash-mismatch', 'compile-failed']),
  detail: z.string().max(1000),
  faults: z.array(resourceRefusal).max(50),
});
const commandDone = z.strictObject({
  outcome: z.enum(['executed', 'expired', 'failed']),
  commandId: idSchema('cmd'),
  detail: z.string().max(1000).optional(),
});

/** What became of one change or one command, told at once. */
export const acknowledgement = z.union([applied, refused, commandDone]);
export type Acknowledgement = z.infer<typeof acknowledgement>;
export type ChangeAcknowledgement = z.infer<typeof applied> | z.infer<typeof refused>;

/** Body of `POST /link/v1/ack`; the answer is 204. */
export const ackRequest = z.strictObject({ acknowledgements: z.array(acknowledgement).min(1).max(1000) });
export type AckRequest = z.infer<typeof ackRequest>;
