import { z } from 'zod';
import {
  addressRangeSchema,
  descriptiveFields,
  hostPatternSchema,
  pluginsSchema,
  resourceIdSchema,
  statusSchema,
  timeoutSchema,
} from './common.ts';
import { upstreamSchema } from './upstream.ts';

/** Methods that a route can name; a route without `methods` takes all of them. */
export const routeMethods = [
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'HEAD',
  'OPTIONS',
  'CONNECT',
  'TRACE',
  'PURGE',
] as const;

const uriSchema = z.string().min(1).max(4096).startsWith('/').or(z.literal('*'));

/** Which calls it takes and what happens to them: APISIX's route, with its defaults. */
export const routeSchema = z
  .looseObject({
    ...descriptiveFields,
    uri: uriSchema.optional(),
    uris: z.array(uriSchema).min(1).optional(),
    host: hostPatternSchema.optional(),
    hosts: z.array(hostPatternSchema).min(1).optional(),
    methods: z.array(z.enum(routeMethods)).optional(),
    /** Decides between routes of equal path: the highest wins. */
    priority: z.number().int().default(0),
    /** Predicates `[variable, operator, value]`, joined by AND, or nested under "AND", "OR", "!AND", "!OR". */
    vars: z.array(z.unknown()).optional(),
    remote_addr: addressRangeSchema.optional(),
    remote_addrs: z.array(addressRangeSchema).min(1).optional(),
    filter_func: z.string().optional(),
    timeout: timeoutSchema.optional(),
    enable_websocket: z.boolean().optional(),
    service_id: resourceIdSchema.optional(),
    upstream_id: resourceIdSchema.optional(),
    upstream: upstreamSchema.optional(),
    plugins: pluginsSchema.optional(),
    plugin_config_id: resourceIdSchema.optional(),
    script: z.union([z.string(), z.looseObject({})]).optional(),
    status: statusSchema,
  })
  .refine((route) => (route.uri === undefined) !== (route.uris === undefined), {
    message: 'exactly one of uri and uris is required',
    path: ['uri'],
  })
  .refine((route) => route.host === undefined || route.hosts === undefined, {
    message: 'only one of host and hosts is allowed',
    path: ['hosts'],
  })
  .refine((route) => route.remote_addr === undefined || route.remote_addrs === undefined, {
    message: 'only one of remote_addr and remote_addrs is allowed',
    path: ['remote_addrs'],
  });
export type Route = z.infer<typeof routeSchema>;
/** A route as people write it, defaults left out. */
export type RouteInput = z.input<typeof routeSchema>;
