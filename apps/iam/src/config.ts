import { serviceDatabaseUrl } from '@tollgate/persistence';
import { loadConfig, platformConfig } from '@tollgate/platform';
import { reconcileConfig } from '@tollgate/projections';
import { z } from 'zod';

/** Environment of `iam`. */
export const iamConfig = platformConfig.extend({
  ...reconcileConfig,
  IAM_DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .meta({ description: 'PostgreSQL address with this service’s own role. Unset: derived from DATABASE_URL.' }),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .meta({ description: 'Mail server. Unset: mails are kept for the operator to read instead of sent.' }),
  MAIL_FROM: z
    .string()
    .default('Tollgate <no-reply@localhost>')
    .meta({ description: 'Sender of mails, as the From header has it.' }),
});

export type IamConfig = z.output<typeof iamConfig>;

/** Reads the environment. @throws ConfigError naming every wrong variable. */
export function loadIamConfig(env: Record<string, string | undefined>): IamConfig {
  const config = loadConfig(iamConfig, env);
  databaseUrlOf(config);
  return config;
}

/** Address with the service's own role. @throws ConfigError when neither variable is set. */
export function databaseUrlOf(config: IamConfig): string {
  return serviceDatabaseUrl(config, { service: 'iam', variable: 'IAM_DATABASE_URL', own: config.IAM_DATABASE_URL });
}
