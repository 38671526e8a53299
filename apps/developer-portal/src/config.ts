import { serviceDatabaseUrl } from '@tollgate/persistence';
import { loadConfig, platformConfig } from '@tollgate/platform';
import { reconcileConfig } from '@tollgate/projections';
import { z } from 'zod';

/** Environment of `developer-portal`. */
export const developerPortalConfig = platformConfig.extend({
  ...reconcileConfig,
  PORTAL_DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .meta({ description: 'PostgreSQL address with this service’s own role. Unset: derived from DATABASE_URL.' }),
  PORTAL_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(8081)
    .meta({ description: 'Public port of the developer portal: its pages and its API only; 0 takes a free one.' }),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .meta({ description: 'Mail server. Unset: mails are kept for the operator to read instead of sent.' }),
  MAIL_FROM: z
    .string()
    .default('Tollgate <no-reply@localhost>')
    .meta({ description: 'Sender of mails, as the From header has it.' }),
  PORTAL_SESSION_HOURS: z.coerce
    .number()
    .int()
    .min(1)
    .max(720)
    .default(12)
    .meta({ description: 'Hours after which a developer must log in again.' }),
});

export type DeveloperPortalConfig = z.output<typeof developerPortalConfig>;

/** Injection token of the {@link DeveloperPortalConfig}. */
export const PORTAL_CONFIG = Symbol('developer-portal.config');

/** Reads the environment. @throws ConfigError naming every wrong variable. */
export function loadDeveloperPortalConfig(env: Record<string, string | undefined>): DeveloperPortalConfig {
  const config = loadConfig(developerPortalConfig, env);
  databaseUrlOf(config);
  return config;
}

/** Address with the service's own role. @throws ConfigError when neither variable is set. */
export function databaseUrlOf(config: DeveloperPortalConfig): string {
  return serviceDatabaseUrl(config, {
    service: 'developer-portal',
    variable: 'PORTAL_DATABASE_URL',
    own: config.PORTAL_DATABASE_URL,
  });
}
