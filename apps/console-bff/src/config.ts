import { platformConfig } from '@tollgate/platform';
import { z } from 'zod';

/** Environment of `console-bff`. */
export const consoleBffConfig = platformConfig.extend({
  CONSOLE_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(8080)
    .meta({ description: 'Public port: console and `/api/v1/**`. 0 takes a free one.' }),
  EDGE_TIMEOUT_MS: z.coerce.number().int().positive().default(60_000).meta({
    description:
      'How long a service may take to answer a forwarded request, in milliseconds; then the caller gets 503.',
  }),
});

export type ConsoleBffConfig = z.output<typeof consoleBffConfig>;
