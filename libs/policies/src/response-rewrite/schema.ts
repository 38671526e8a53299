import { z } from 'zod';
import { headerChangesSchema } from '../header-changes.ts';

/** Options; as APISIX's, but for `filters`. */
export const responseRewriteSchema = z.looseObject({
  status_code: z.number().int().min(200).max(598).optional().describe('New status.'),
  body: z.string().optional().describe('New body.'),
  body_base64: z.boolean().default(false).describe('Whether `body` is written in base64.'),
  headers: headerChangesSchema.optional().describe('Headers to add, set and remove on the way to the client.'),
  vars: z.array(z.unknown()).optional().describe('Condition under which answers are changed; absent = always.'),
});
