import { serviceDatabaseUrl } from '@tollgate/persistence';
import { loadConfig, platformConfig } from '@tollgate/platform';
import { z } from 'zod';

/** Environment of `policy-manager`. */
export const policyManagerConfig = platformConfig.extend({
  POLICY_DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .meta({ description: 'PostgreSQL address with this service’s own role. Unset: derived from DATABASE_URL.' }),
});

export type PolicyManagerConfig = z.output<typeof policyManagerConfig>;

/** Reads the environment. @throws ConfigError naming every wrong variable. */
export function loadPolicyManagerConfig(env: Record<string, string | undefined>): PolicyManagerConfig {
  const config = loadConfig(policyManagerConfig, env);
  databaseUrlOf(config);
  return config;
}

/** Address with the service's own role. @throws ConfigError when neither variable is set. */
export function databaseUrlOf(config: PolicyManagerConfig): string {
  return serviceDatabaseUrl(config, {
    service: 'policy-manager',
    variable: 'POLICY_DATABASE_URL',
    own: config.POLICY_DATABASE_URL,
  });
}
