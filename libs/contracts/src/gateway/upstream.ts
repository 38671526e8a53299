import { z } from 'zod';
import { descriptiveFields, timeoutSchema } from './common.ts';

const httpStatuses = (defaults: number[]) => z.array(z.number().int().min(200).max(599)).min(1).default(defaults);
const threshold = (by: number) => z.number().int().min(0).max(254).default(by);
const interval = z.number().int().min(1).default(1);

/** Probing of nodes by the gateway itself. */
export const activeCheckSchema = z.looseObject({
  type: z.enum(['http', 'https', 'tcp']).default('http'),
  timeout: z.number().positive().default(1),
  concurrency: z.number().int().positive().default(10),
  host: z.string().optional(),
  port: z.number().int().min(1).max(65535).optional(),
  http_path: z.string().startsWith('/').default('/'),
  https_verify_certificate: z.boolean().default(true),
  req_headers: z.array(z.string()).optional(),
  healthy: z.looseObject({ interval, http_statuses: httpStatuses([200, 302]), successes: threshold(2) }).prefault({}),
  unhealthy: z
    .looseObject({
      interval,
      http_statuses: httpStatuses([429, 404, 500, 501, 502, 503, 504, 505]),
      http_failures: threshold(5),
      tcp_failures: threshold(2),
      timeouts: threshold(3),
    })
    .prefault({}),
});

/** Judging nodes by the answers that callers get from them. */
export const passiveCheckSchema = z.looseObject({
  type: z.enum(['http', 'https', 'tcp']).default('http'),
  healthy: z
    .looseObject({
      http_statuses: httpStatuses([
        200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 306, 307, 308,
      ]),
      successes: threshold(5),
    })
    .prefault({}),
  unhealthy: z
    .looseObject({
      http_statuses: httpStatuses([429, 500, 503]),
      tcp_failures: threshold(2),
      timeouts: threshold(7),
      http_failures: threshold(5),
    })
    .prefault({}),
});

export const upstreamNodeSchema = z.looseObject({
  host: z.string().min(1).max(253),
  port: z.number().int().min(1).max(65535).optional(),
  weight: z.number().int().nonnegative(),
  /** Nodes of a lower priority are used only when every node of the higher ones has failed this call. */
  priority: z.number().int().default(0),
  metadata: z.looseObject({}).optional(),
});
export type UpstreamNode = z.infer<typeof upstreamNodeSchema>;

/** `host`, `host:port`, `[v6]` or `[v6]:port`, as in the keys of APISIX's map form. */
function nodeFromAddress(address: string, weight: number): UpstreamNode {
  const match = /^(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(address);
  const host = match?.[1] ?? address;
  const port = match?.[2];
  return { host, weight, priority: 0, ...(port === undefined ? {} : { port: Number(port) }) };
}

/** Either `{"host:port": weight}` or a list of nodes; always read as a list. */
export const upstreamNodesSchema = z.union([
  z
    .record(z.string().regex(/^(\[[0-9a-fA-F:.]+\]|[^:\s]+)(:\d{1,5})?$/), z.number().int().nonnegative())
    .transform((weights) => Object.entries(weights).map(([address, weight]) => nodeFromAddress(address, weight))),
  z.array(upstreamNodeSchema),
]);

/** Where calls go and how one node is picked: APISIX's upstream, with its defaults. */
export const upstreamSchema = z
  .looseObject({
    ...descriptiveFields,
    type: z.enum(['roundrobin', 'chash', 'least_conn', 'ewma']).default('roundrobin'),
    nodes: upstreamNodesSchema.optional(),
    service_name: z.string().min(1).optional(),
    discovery_type: z.string().min(1).optional(),
    discovery_args: z.looseObject({}).optional(),
    hash_on: z.enum(['vars', 'header', 'cookie', 'consumer', 'vars_combinations']).default('vars'),
    key: z.string().min(1).optional(),
    scheme: z.enum(['http', 'https', 'grpc', 'grpcs', 'tcp', 'tls', 'udp', 'kafka']).default('http'),
    pass_host: z.enum(['pass', 'node', 'rewrite']).default('pass'),
    upstream_host: z.string().min(1).optional(),
    /** Further nodes tried after the first; unset: as many as there are other nodes. */
    retries: z.number().int().nonnegative().optional(),
    /** Seconds after which no further try begins; 0 = no bound. */
    retry_timeout: z.number().nonnegative().default(0),
    timeout: timeoutSchema.optional(),
    keepalive_pool: z
      .looseObject({
        size: z.number().int().positive().default(320),
        idle_timeout: z.number().nonnegative().default(60),
        requests: z.number().int().positive().default(1000),
      })
      .optional(),
    checks: z.looseObject({ active: activeCheckSchema.optional(), passive: passiveCheckSchema.optional() }).optional(),
    tls: z
      .looseObject({
        client_cert: z.string().optional(),
        client_key: z.string().optional(),
        client_cert_id: z.string().optional(),
        verify: z.boolean().optional(),
      })
      .optional(),
  })
  .refine((upstream) => upstream.nodes !== undefined || upstream.service_name !== undefined, {
    message: 'must have nodes or a service_name',
    path: ['nodes'],
  })
  .refine((upstream) => upstream.pass_host !== 'rewrite' || upstream.upstream_host !== undefined, {
    message: 'is required when pass_host is "rewrite"',
    path: ['upstream_host'],
  });
export type Upstream = z.infer<typeof upstreamSchema>;
/** An upstream as people write it: node map or list, defaults left out. */
export type UpstreamInput = z.input<typeof upstreamSchema>;
