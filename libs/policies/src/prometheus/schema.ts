import { z } from 'zod';

/** Options; as APISIX's. */
export const prometheusSchema = z.looseObject({
  prefer_name: z.boolean().default(false).describe('Whether metrics name routes by their name instead of their id.'),
});
