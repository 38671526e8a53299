import { analyticsApp, analyticsSchema } from '@tollgate/analytics';
import { consoleBffApp } from '@tollgate/console-bff';
import { developerPortalApp, developerPortalSchema } from '@tollgate/developer-portal';
import { gatewayManagerApp, gatewayManagerSchema } from '@tollgate/gateway-manager';
import { iamApp, iamSchema } from '@tollgate/iam';
import { policyManagerApp, policyManagerSchema } from '@tollgate/policy-manager';
import type { ServiceSchema } from '@tollgate/persistence';
import { bootService, type PlatformConfig, type RunningService, type ServiceApp } from '@tollgate/platform';

/** A service whose configuration is its own business. */
export interface BootableService {
  readonly service: ServiceApp['service'];
  /** @throws ConfigError */
  boot: (env: Record<string, string | undefined>) => Promise<RunningService>;
}

function bootable<C extends PlatformConfig>(app: ServiceApp<C>): BootableService {
  return { service: app.service, boot: async (env) => bootService(app, app.loadConfig(env)) };
}

/** All control-plane services; `iam` first, as the others ask it for keys, the edge last. */
export const services: readonly BootableService[] = [
  bootable(iamApp),
  bootable(policyManagerApp),
  bootable(gatewayManagerApp),
  bootable(developerPortalApp),
  bootable(analyticsApp),
  bootable(consoleBffApp),
];

/** The database schema of every service that has one. */
export const schemas: readonly ServiceSchema[] = [
  iamSchema,
  policyManagerSchema,
  gatewayManagerSchema,
  developerPortalSchema,
  analyticsSchema,
];
