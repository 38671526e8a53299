import { z } from 'zod';
import { headerChangesSchema } from '../header-changes.ts';

const methods = ['GET', 'POST', 'PUT', 'HEAD', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'] as const;

/** Options; as APISIX's. */
export const proxyRewriteSchema = z.looseObject({
  uri: z
    .string()
    .min(1)
    .max(4096)
    .startsWith('/')
    .optional()
    .describe('New path; may hold variables such as `$uri_param_id`.'),
  regex_uri: z
    .array(z.string())
    .min(2)
    .refine((pairs) => pairs.length % 2 === 0, 'must hold pairs of expression and replacement')
    .optional()
    .describe(
      'Pairs of expression and replacement (`$1`); the first that matches the path makes the new one. `uri` is stronger.',
    ),
  method: z.enum(methods).optional().describe('New method.'),
  host: z.string().min(1).optional().describe('New Host; may hold variables.'),
  headers: headerChangesSchema.optional().describe('Headers to add, set and remove on the way to the upstream.'),
});
