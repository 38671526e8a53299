import { z } from 'zod';

/** Options; as APISIX's for `policy: local`. */
export const limitCountSchema = z.looseObject({
  count: z.number().int().positive().describe('Calls allowed per window.'),
  time_window: z.number().int().positive().describe('Length of the window in seconds; it begins with the first call.'),
  key_type: z
    .enum(['var', 'var_combination', 'constant'])
    .default('var')
    .describe('Whether `key` is a variable, a combination such as `$remote_addr $consumer_name`, or a fixed text.'),
  key: z
    .string()
    .min(1)
    .default('remote_addr')
    .describe('What calls are counted by; the client’s address when it is empty.'),
  group: z.string().min(1).optional().describe('Policies with the same group and options share one counter.'),
  rejected_code: z.number().int().min(200).max(599).default(503).describe('Status of calls over the limit.'),
  rejected_msg: z.string().min(1).optional().describe('Text for calls over the limit.'),
  policy: z
    .enum(['local'])
    .default('local')
    .describe('Where calls are counted: `local` counts on each data plane by itself.'),
  allow_degradation: z
    .boolean()
    .default(false)
    .describe('Whether calls pass while counters cannot be reached; `local` always can.'),
  show_limit_quota_header: z.boolean().default(true).describe('Whether answers carry the `X-RateLimit-*` headers.'),
});

/** Names of the headers, set once per gateway group. */
export const limitCountMetadataSchema = z.looseObject({
  limit_header: z.string().min(1).default('X-RateLimit-Limit'),
  remaining_header: z.string().min(1).default('X-RateLimit-Remaining'),
  reset_header: z.string().min(1).default('X-RateLimit-Reset'),
});
