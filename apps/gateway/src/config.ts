import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);
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
  return { ...parsed.data, standAloneFile: values.config };
}
