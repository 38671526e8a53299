import type { ServiceApp } from '@tollgate/platform';
import { type DeveloperPortalConfig, loadDeveloperPortalConfig } from './config.ts';
import { DeveloperPortalModule } from './developer-portal.module.ts';
import { addPages } from './pages/add-pages.ts';

export { developerPortalConfig, type DeveloperPortalConfig } from './config.ts';
export { developerPortalControllers } from './developer-portal.controllers.ts';
export { developerPortalSchema } from './developer-portal.schema.ts';

/** The service that owns portal sites, developers, products, plans, applications, subscriptions and credentials. */
export const developerPortalApp: ServiceApp<DeveloperPortalConfig> = {
  service: 'developer-portal',
  loadConfig: loadDeveloperPortalConfig,
  module: (config) => DeveloperPortalModule.forConfig(config),
  publicListener: (config) => ({
    port: config.PORTAL_PORT,
    allow: ['/', '/api/v1/portal/', '/api/openapi.json', '/healthz'],
  }),
  routes: (fastify) => addPages(fastify),
};
