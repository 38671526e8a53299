import { serviceDatabaseUrl } from '@tollgate/persistence';
import { loadConfig, platformConfig } from '@tollgate/platform';
import { reconcileConfig } from '@tollgate/projections';
import { z } from 'zod';

const days = z.coerce.number().int().min(1).max(36_500);

/** Environment of `analytics`. */
export const analyticsConfig = platformConfig.extend({
  ...reconcileConfig,
  ANALYTICS_DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .meta({ description: 'PostgreSQL address with this service’s own role. Unset: derived from DATABASE_URL.' }),
  USAGE_MINUTES_RETENTION_DAYS: days
    .default(90)
    .meta({ description: 'Days that counters by minute are kept; after that reports of the range need whole hours.' }),
  USAGE_HOURS_RETENTION_DAYS: days.default(400).meta({
    description: 'Days that counters by hour and billable calls by minute are kept; older months have no preview.',
  }),
  USAGE_DAYS_RETENTION_DAYS: days.default(3_653).meta({ description: 'Days that counters by day are kept.' }),
});

export type AnalyticsConfig = z.output<typeof analyticsConfig>;

/** Reads the environment. @throws ConfigError naming every wrong variable. */
export function loadAnalyticsConfig(env: Record<string, string | undefined>): AnalyticsConfig {
  const config = loadConfig(analyticsConfig, env);
  databaseUrlOf(config);
  return config;
}

/** Address with the service's own role. @throws ConfigError when neither variable is set. */
export function databaseUrlOf(config: AnalyticsConfig): string {
  return serviceDatabaseUrl(config, {
    service: 'analytics',
    variable: 'ANALYTICS_DATABASE_URL',
    own: config.ANALYTICS_DATABASE_URL,
  });
}
