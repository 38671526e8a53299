import { loadConfig, platformConfig } from '@tollgate/platform';
import { z } from 'zod';

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
});

export type GatewayManagerConfig = z.output<typeof gatewayManagerConfig>;

/** Reads the environment. @throws ConfigError naming every wrong variable. */
export function loadGatewayManagerConfig(env: Record<string, string | undefined>): GatewayManagerConfig {
  return loadConfig(gatewayManagerConfig, env);
}
