import { z } from 'zod';
import { idSchema } from '../ids/index.ts';
import { tryRequest, tryScope } from './try-request.ts';

/** What the control plane can ask of a data plane. */
export const commandAction = z.discriminatedUnion('name', [
  /** Report not ready so that load balancers turn away; calls that still come are served. */
  z.object({ name: z.literal('drain') }),
  /** The opposite of `drain`. */
  z.object({ name: z.literal('resume') }),
  /** Get a new certificate now. */
  z.object({ name: z.literal('renew') }),
  z.object({ name: z.literal('log-level'), level: z.enum(['debug', 'info', 'warn', 'error']) }),
  /** Play a request through one of the workers and tell by `POST /link/v1/tries` what became of it. */
  z.object({
    name: z.literal('try-request'),
    groupId: idSchema('grp'),
    request: tryRequest,
    /** Default: {@link tryClientAddress}. */
    clientAddress: z.union([z.ipv4(), z.ipv6()]).optional(),
    /** Absent: every route of the group. */
    scope: tryScope.optional(),
  }),
]);
export type CommandAction = z.infer<typeof commandAction>;

/** An order that comes down the config stream; executed at most once per id and not after its expiry. */
export const command = z.object({ id: idSchema('cmd'), expiresAt: z.iso.datetime(), action: commandAction });
export type Command = z.infer<typeof command>;
