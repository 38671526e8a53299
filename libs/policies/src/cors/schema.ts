import { z } from 'zod';

/** Options; as APISIX's. */
export const corsSchema = z
  .looseObject({
    allow_origins: z
      .string()
      .min(1)
      .default('*')
      .describe('Origins allowed, separated by commas; `*` = all, `**` = all, credentials included.'),
    allow_origins_by_regex: z.array(z.string().min(1)).min(1).optional().describe('Expressions for further origins.'),
    allow_methods: z.string().default('*').describe('Methods allowed, separated by commas; `*` = all.'),
    allow_headers: z.string().default('*').describe('Request headers allowed; `**` = those that are asked for.'),
    expose_headers: z.string().optional().describe('Response headers that scripts may read.'),
    max_age: z.number().int().default(5).describe('Seconds for which browsers remember the answer; −1 = not at all.'),
    allow_credential: z.boolean().default(false).describe('Whether cookies and credentials may be sent along.'),
  })
  .refine(
    ({ allow_credential: withCredentials, ...lists }) =>
      !withCredentials ||
      [lists.allow_origins, lists.allow_methods, lists.allow_headers, lists.expose_headers].every(
        (list) => list !== '*',
      ),
    { message: '"*" cannot be used together with allow_credential', path: ['allow_credential'] },
  );
