import { z } from 'zod';

const names = z.array(z.string().min(1)).min(1);

/** Options; as APISIX's. */
export const consumerRestrictionSchema = z
  .looseObject({
    type: z
      .enum(['consumer_name', 'consumer_group_id', 'service_id', 'route_id'])
      .default('consumer_name')
      .describe('What the lists name.'),
    whitelist: names.optional().describe('Those that pass; all others are refused.'),
    blacklist: names.optional().describe('Those that are refused.'),
    allowed_by_methods: z
      .array(z.object({ user: z.string().min(1), methods: z.array(z.string().min(1)).min(1) }))
      .min(1)
      .optional()
      .describe('Methods that the users named may use; users not named may use all.'),
    rejected_code: z.number().int().min(200).max(599).default(403).describe('Status of refused calls.'),
    rejected_msg: z.string().min(1).optional().describe('Text for refused calls.'),
  })
  .refine(({ whitelist, blacklist, allowed_by_methods: methods }) => whitelist ?? blacklist ?? methods, {
    message: 'one of whitelist, blacklist and allowed_by_methods is required',
  });
