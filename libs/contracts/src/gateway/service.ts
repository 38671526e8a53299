import { z } from 'zod';
import { descriptiveFields, hostPatternSchema, pluginsSchema, resourceIdSchema } from './common.ts';
import { upstreamSchema } from './upstream.ts';

/** What several routes have in common: APISIX's service, plus APISIX's `plugin_config_id` as routes have it. */
export const serviceSchema = z.looseObject({
  ...descriptiveFields,
  upstream: upstreamSchema.optional(),
  upstream_id: resourceIdSchema.optional(),
  plugins: pluginsSchema.optional(),
  /** The service's policy template; weaker than every level of the route. */
  plugin_config_id: resourceIdSchema.optional(),
  hosts: z.array(hostPatternSchema).min(1).optional(),
  enable_websocket: z.boolean().optional(),
  script: z.string().optional(),
});
export type Service = z.infer<typeof serviceSchema>;
/** A service as people write it, defaults left out. */
export type ServiceInput = z.input<typeof serviceSchema>;
