import { addressRangeSchema } from '@tollgate/contracts/gateway';
import { serviceDatabaseUrl } from '@tollgate/persistence';
import { loadConfig, platformConfig } from '@tollgate/platform';
import { reconcileConfig } from '@tollgate/projections';
import { z } from 'zod';

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean),
  );

/** Environment of `gateway-manager`. */
export const gatewayManagerConfig = platformConfig.extend({
  GATEWAY_DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .meta({ description: 'PostgreSQL address with this service’s own role. Unset: derived from DATABASE_URL.' }),
  GATEWAY_DOMAIN: z
    .hostname()
    .default('gw.localhost')
    .meta({ description: 'Domain below which gateway groups get their default host, `<group>.<tenant>.<domain>`.' }),
  PUBLIC_GATEWAY_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({
      description:
        'Where clients reach the shared data planes; scheme and port count, the host is that of each gateway group. Unset: the address of shared groups is not known, and samples lack it.',
    }),
  EGRESS_ALLOWED_RANGES: list.pipe(z.array(addressRangeSchema)).meta({
    description:
      'Private ranges that the control plane may fetch from on behalf of tenants (import by URL), comma-separated addresses and CIDRs. Empty: public addresses only; `npm start` allows loopback.',
  }),
  ...reconcileConfig,
  LINK_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(8443)
    .meta({ description: 'Port that data planes phone home to (TLS); 0 takes a free one.' }),
  LINK_HOSTS: list.meta({
    description: 'Comma-separated names and addresses for the link’s certificate beside that of PUBLIC_LINK_URL.',
  }),
  LINK_MAX_CONNECTIONS: z.coerce
    .number()
    .int()
    .positive()
    .default(12_000)
    .meta({ description: 'Open connections of data planes at most; more are refused.' }),
  LINK_HEARTBEAT_INTERVAL_MS: z.coerce.number().int().min(100).max(60_000).default(10_000).meta({
    description: 'How often data planes send heartbeats, milliseconds. Missing two makes one degraded, three offline.',
  }),
});

export type GatewayManagerConfig = z.output<typeof gatewayManagerConfig>;

/** Reads the environment. @throws ConfigError naming every wrong variable. */
export function loadGatewayManagerConfig(env: Record<string, string | undefined>): GatewayManagerConfig {
  const config = loadConfig(gatewayManagerConfig, env);
  databaseUrlOf(config);
  return config;
}

/** Address with the service's own role. @throws ConfigError when neither variable is set. */
export function databaseUrlOf(config: GatewayManagerConfig): string {
  return serviceDatabaseUrl(config, {
    service: 'gateway-manager',
    variable: 'GATEWAY_DATABASE_URL',
    own: config.GATEWAY_DATABASE_URL,
  });
}
