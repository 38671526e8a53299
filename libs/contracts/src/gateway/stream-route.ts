import { z } from 'zod';
import { addressRangeSchema, descriptiveFields, hostPatternSchema, pluginsSchema, resourceIdSchema } from './common.ts';
import { upstreamSchema } from './upstream.ts';

/** Which TCP connections and UDP sessions it takes and where they go: APISIX's stream_route. What is unset takes all. */
export const streamRouteSchema = z
  .looseObject({
    ...descriptiveFields,
    /** Addresses of clients. */
    remote_addr: addressRangeSchema.optional(),
    /** Address of the data plane that the client has connected to. */
    server_addr: addressRangeSchema.optional(),
    server_port: z.number().int().min(1).max(65535).optional(),
    /** TLS server name, exact or `*.example.com`. On TLS ports TLS ends here; on TCP ports it is passed through. */
    sni: hostPatternSchema.optional(),
    upstream: upstreamSchema.optional(),
    upstream_id: resourceIdSchema.optional(),
    service_id: resourceIdSchema.optional(),
    plugins: pluginsSchema.optional(),
    protocol: z.looseObject({ name: z.string().optional() }).optional(),
  })
  .refine(
    (route) => route.upstream !== undefined || route.upstream_id !== undefined || route.service_id !== undefined,
    { message: 'one of upstream, upstream_id and service_id is required', path: ['upstream'] },
  );
export type StreamRoute = z.infer<typeof streamRouteSchema>;
