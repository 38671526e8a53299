import { z } from 'zod';
import { resourceKinds, sequences } from '../gateway/resource.ts';
import { idSchema } from '../ids/index.ts';
import { command } from './command.ts';

const position = z.number().int().nonnegative();
const groupHash = z.string().regex(/^[0-9a-f]{64}$/);

/** What a data plane holds of one group when it connects; 0 is nothing. */
export const groupPosition = z.strictObject({
  groupId: idSchema('grp'),
  revision: position,
  access: position,
  /** Hashes of what it holds. Another hash at the same position is answered with a snapshot. */
  revisionHash: groupHash.optional(),
  accessHash: groupHash.optional(),
});
export type GroupPosition = z.infer<typeof groupPosition>;

/** Query of `GET /link/v1/config`, for pools of one group. */
export const configQuery = z.strictObject({
  revision: z.coerce.number().int().nonnegative().default(0),
  access: z.coerce.number().int().nonnegative().default(0),
});

/** Body of `POST /link/v1/config`, for pools of any number of groups. Groups that are not named are sent from the start. */
export const configRequest = z.strictObject({ groups: z.array(groupPosition).max(10_000) });
export type ConfigRequest = z.infer<typeof configRequest>;

const key = { kind: z.enum(resourceKinds), id: z.string().min(1).max(200) };

/** First line of every stream. */
const hello = z.object({ type: z.literal('hello'), protocol: z.number().int().positive(), poolId: idSchema('pool') });
/** Opens a change of one group and sequence; `put` and `delete` lines up to the next `end` belong to it. */
const begin = z.object({
  type: z.literal('begin'),
  groupId: idSchema('grp'),
  sequence: z.enum(sequences),
  /** A snapshot replaces everything; a delta is applied to `from` and to nothing else. */
  mode: z.enum(['snapshot', 'delta']),
  from: position,
  to: position,
});
const put = z.object({ type: z.literal('put'), ...key, value: z.record(z.string(), z.unknown()) });
const remove = z.object({ type: z.literal('delete'), ...key });
const endFields = { type: z.literal('end'), groupId: idSchema('grp'), hash: groupHash };
/** Closes a change: the number now reached, under the sequence's name, and the hash of all resources of the sequence. */
const endOfRevision = z.object({ ...endFields, revision: position });
const endOfAccess = z.object({ ...endFields, access: position });
/** The pool does not serve the group any more. */
const leave = z.object({ type: z.literal('leave'), groupId: idSchema('grp') });
/** Everything that had changed when this was written has been sent. */
const synced = z.object({ type: z.literal('synced') });
const commandLine = z.object({ type: z.literal('command'), ...command.shape });
/** Keeps the connection from looking dead. `time` is the control plane's clock, milliseconds since the epoch. */
const ping = z.object({ type: z.literal('ping'), time: z.number().int().nonnegative() });

/** One line of the config stream. */
export const configLine = z.union([
  put,
  remove,
  begin,
  endOfRevision,
  endOfAccess,
  synced,
  leave,
  commandLine,
  ping,
  hello,
]);
export type ConfigLine = z.infer<typeof configLine>;
