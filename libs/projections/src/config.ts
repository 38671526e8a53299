import { platformConfig } from '@tollgate/platform';
import { z } from 'zod';

/** Variables that a service with projections has beside its own. */
export const reconcileConfig = {
  RECONCILE_INTERVAL_SECONDS: z.coerce.number().int().min(60).max(604_800).default(3600).meta({
    description:
      'How often what the service knows of others is compared with their snapshots, seconds. Drift is logged as an error.',
  }),
};

/** Environment of the rebuild command: where the services are, and the key that their tokens are signed with. */
export const rebuildConfig = platformConfig.pick({
  TOLLGATE_MASTER_KEY: true,
  IAM_URL: true,
  GATEWAY_MANAGER_URL: true,
  DEVELOPER_PORTAL_URL: true,
  ANALYTICS_URL: true,
});

/** The environment of this process. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;
