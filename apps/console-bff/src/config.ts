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
  LIVE_STREAMS_PER_TENANT: z.coerce
    .number()
    .int()
    .positive()
    .default(200)
    .meta({ description: 'Streams of live events that a tenant may have open at each process; more get 429.' }),
  LIVE_STREAMS_PER_PROCESS: z.coerce
    .number()
    .int()
    .positive()
    .default(2000)
    .meta({ description: 'Streams of live events that a process serves; more get 503.' }),
  EDGE_TIMEOUT_MS: z.coerce.number().int().positive().default(60_000).meta({
    description:
      'How long a service may take to answer a forwarded request, in milliseconds; then the caller gets 503.',
  }),
});

export type ConsoleBffConfig = z.output<typeof consoleBffConfig>;
