import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import { addressRangeSchema } from '@tollgate/contracts/gateway';
import { defaultLimits } from '@tollgate/engine';
import { z } from 'zod';

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);
const count = (fallback: number) => z.coerce.number().int().min(1).default(fallback);
const milliseconds = (fallback: number, least = 10) => z.coerce.number().int().min(least).default(fallback);
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean),
  );

const ports = list.pipe(z.array(z.string().transform(Number).pipe(z.number().int().min(1).max(65_535))));
const addresses = list.pipe(z.array(addressRangeSchema));

/** Environment of a data plane. */
export const gatewayConfig = z.object({
  TOLLGATE_LINK_URL: z
    .url({ protocol: /^https$/ })
    .optional()
    .meta({ description: 'Where the data plane phones home. Needed unless it runs stand-alone.' }),
  TOLLGATE_ENROL_TOKEN: z
    .string()
    .optional()
    .meta({ description: 'Enrolment token; used once, when the state folder has no identity yet.' }),
  TOLLGATE_STATE_DIR: z.string().default('.tollgate/gateway').meta({
    description: 'Folder of identity, cached configuration and uncounted usage. Losing it loses usage not yet sent.',
  }),
  TOLLGATE_STATE_KEY: z.string().min(32).optional().meta({
    description: 'Wraps the key of the cached configuration, at least 32 characters. Unset: a file of mode 0600.',
  }),
  TOLLGATE_STATE_KEY_FILE: z
    .string()
    .optional()
    .meta({ description: 'File that holds what TOLLGATE_STATE_KEY would; ignored when that is set.' }),
  HTTPS_PROXY: z.url().optional().meta({ description: 'HTTP proxy for the link. Unset: the link connects directly.' }),
  NO_PROXY: z.string().default('').meta({ description: 'Hosts that are reached without the proxy, comma-separated.' }),
  GATEWAY_HOST: z
    .string()
    .default('127.0.0.1')
    .meta({ description: 'Address to serve calls on. Containers set 0.0.0.0.' }),
  GATEWAY_HTTP_PORT: port(9080).meta({ description: 'Port for HTTP calls; 0 takes a free one.' }),
  GATEWAY_HTTPS_PORT: port(9443).meta({ description: 'Port for HTTPS calls; 0 takes a free one.' }),
  GATEWAY_SOCKETS: z.enum(['auto', 'raw', 'net']).default('auto').meta({
    description:
      'How TCP is done: `raw` = handles of the runtime, about twice as fast; `net` = its public sockets; `auto` = raw if a self-test passes.',
  }),
  GATEWAY_STREAM_TCP_PORTS: ports.meta({
    description:
      'Ports for stream routes over TCP, comma-separated; TLS is passed through by server name. Refused where tenants share the data plane.',
  }),
  GATEWAY_STREAM_TLS_PORTS: ports.meta({
    description: 'Ports for stream routes whose TLS ends here, with the certificates of the groups, comma-separated.',
  }),
  GATEWAY_STREAM_UDP_PORTS: ports.meta({ description: 'Ports for stream routes over UDP, comma-separated.' }),
  GATEWAY_PROXY_PROTOCOL: z.enum(['off', 'on']).default('off').meta({
    description:
      'Whether every connection to the HTTP and HTTPS ports must begin with a PROXY protocol header (version 1 or 2), whose source is then the client.',
  }),
  GATEWAY_STREAM_PROXY_PROTOCOL: z.enum(['off', 'on']).default('off').meta({
    description:
      'The same for the stream ports over TCP and TLS: routes and limits then go by the client that the header tells. Nodes are not told.',
  }),
  GATEWAY_PROXY_PROTOCOL_FROM: addresses.meta({
    description:
      'Proxies that speak the PROXY protocol, comma-separated addresses and CIDRs. With it on, all other peers are cut off.',
  }),
  GATEWAY_CONNECTIONS: count(defaultLimits.connections).meta({
    description: 'Open connections of clients that a process holds at most; those beyond are closed at once.',
  }),
  GATEWAY_CONNECTIONS_PER_CLIENT: count(defaultLimits.connectionsPerClient).meta({
    description: 'Open connections from one address, of IPv6 from one /64; those beyond are answered 429 or closed.',
  }),
  GATEWAY_CONNECTIONS_PER_TENANT: count(defaultLimits.connectionsPerTenant).meta({
    description:
      'On a shared data plane, open connections whose last request was for one tenant; those beyond are answered 503.',
  }),
  GATEWAY_DNS_SERVERS: list.meta({
    description:
      'Name servers for upstreams, comma-separated `address` or `address:port`; the next is asked when one fails. Unset: those of the system.',
  }),
  GATEWAY_CONSUL_SERVERS: list.pipe(z.array(z.url({ protocol: /^https?$/ }))).meta({
    description:
      'Consul servers for upstreams with `discovery_type: consul`, comma-separated URLs. Unset: such upstreams are refused.',
  }),
  GATEWAY_CONSUL_TOKEN_FILE: z
    .string()
    .optional()
    .meta({ description: 'File with the token for Consul; read anew for each query.' }),
  GATEWAY_CONSUL_CA_FILE: z.string().optional().meta({
    description:
      'File with the certificate authority of the Consul servers, PEM; read anew for each query. Unset: the public authorities.',
  }),
  GATEWAY_KUBERNETES_SERVER: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({
      description: 'API server for upstreams with `discovery_type: kubernetes`. Unset: such upstreams are refused.',
    }),
  GATEWAY_KUBERNETES_TOKEN_FILE: z
    .string()
    .optional()
    .meta({ description: 'File with the service account token for Kubernetes; read anew for each request.' }),
  GATEWAY_KUBERNETES_CA_FILE: z.string().optional().meta({
    description:
      'File with the certificate authority of the Kubernetes API server, PEM; read anew for each request. Unset: the public authorities.',
  }),
  GATEWAY_WORKERS: z.coerce.number().int().min(1).max(128).optional().meta({
    description:
      'Threads that serve calls, 1 to 128. Unset: as many as the process may use cores. More of them serve no more calls; each takes memory.',
  }),
  GATEWAY_STATUS_HOST: z
    .string()
    .default('127.0.0.1')
    .meta({ description: 'Address of the status port. It shows host names and metrics to whoever reaches it.' }),
  GATEWAY_STATUS_PORT: port(9091).meta({
    description: 'Port of /healthz, /readyz, /metrics and /status; 0 takes a free one.',
  }),
  GATEWAY_DEFAULT_HOST: z
    .string()
    .default('localhost')
    .meta({ description: 'Name in the self-signed certificate shown where no group has one; `*.` of it is included.' }),
  GATEWAY_NAME: z
    .string()
    .min(1)
    .max(100)
    .default(hostname().slice(0, 100) || 'gateway')
    .meta({ description: 'What the data plane is called in the console.' }),
  GATEWAY_ALLOWED_PRIVATE_RANGES: list.meta({
    description: 'Private ranges that upstreams of a shared data plane may point into, comma-separated CIDRs.',
  }),
  GATEWAY_ERROR_DOCS_URL: z.string().min(1).max(500).default('/docs/errors').meta({
    description: 'Address of the page that explains error codes; the `type` of problem documents is a section of it.',
  }),
  USAGE_FLUSH_MS: milliseconds(100).meta({
    description:
      'A killed process loses at most the calls answered in this time: counted calls are written within a tenth of it, and synced to disk this often.',
  }),
  USAGE_SHIP_MS: milliseconds(500).meta({
    description: 'How often counted calls are sent, milliseconds, while there are any.',
  }),
  USAGE_WAL_BYTES: z.coerce
    .number()
    .int()
    .min(1024 * 1024)
    .default(1024 ** 3)
    .meta({ description: 'Size that usage.wal is held below; when filling, minutes merge into hours, then days.' }),
  DRAIN_MS: milliseconds(10_000, 0).meta({ description: 'How long calls under way may take to finish at shutdown.' }),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .meta({ description: 'Least severe level that is logged.' }),
});

/** Settings of a data plane, and the file it runs from when it stands alone. */
export type GatewayConfig = z.output<typeof gatewayConfig> & { readonly standAloneFile: string | undefined };

/** Reads command line and environment. @throws Error naming every variable that is wrong, never a value. */
export function loadGatewayConfig(
  args: readonly string[] = process.argv.slice(2),
  env: Record<string, string | undefined> = process.env,
): GatewayConfig {
  const { values } = parseArgs({ args: [...args], options: { config: { type: 'string' } } });
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = gatewayConfig.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The environment is not right:\n${lines.join('\n')}`);
  }
  if (values.config === undefined && parsed.data.TOLLGATE_LINK_URL === undefined) {
    throw new Error('Set TOLLGATE_LINK_URL, or give a file with --config to run stand-alone.');
  }
  for (const name of ['GATEWAY_PROXY_PROTOCOL', 'GATEWAY_STREAM_PROXY_PROTOCOL'] as const) {
    if (parsed.data[name] === 'off' || parsed.data.GATEWAY_PROXY_PROTOCOL_FROM.length > 0) continue;
    throw new Error(`${name}=on needs GATEWAY_PROXY_PROTOCOL_FROM: the addresses of the proxies.`);
  }
  return { ...parsed.data, standAloneFile: values.config };
}
