import { endpointCatalogue } from '@tollgate/contracts/rest';
import { buildOpenApi } from '@tollgate/platform/openapi';
import { addWebApp, type ServiceApp, webAppFolder, webAppPage, webAppPaths } from '@tollgate/platform';
import { type DeveloperPortalConfig, loadDeveloperPortalConfig } from './config.ts';
import { DeveloperPortalModule } from './developer-portal.module.ts';

export { developerPortalConfig, type DeveloperPortalConfig } from './config.ts';
export { developerPortalControllers } from './developer-portal.controllers.ts';
export { developerPortalSchema } from './developer-portal.schema.ts';

/** The service that owns portal sites, developers, products, plans, applications, subscriptions and credentials, and serves the portal. */
export const developerPortalApp: ServiceApp<DeveloperPortalConfig> = {
  service: 'developer-portal',
  loadConfig: loadDeveloperPortalConfig,
  module: (config) => DeveloperPortalModule.forConfig(config),
  publicListener: (config) => ({
    port: config.PORTAL_PORT,
    allow: [...webAppPaths, '/api/v1/portal/', '/api/openapi.json', '/healthz'],
    page: webAppPage,
  }),
  routes: async (fastify) => {
    const document = JSON.stringify(
      buildOpenApi(endpointCatalogue().filter(({ path }) => path.startsWith('/api/v1/portal/'))),
    );
    fastify.get('/api/openapi.json', async (_request, reply) => reply.type('application/json').send(document));
    await addWebApp(fastify, { folder: webAppFolder(import.meta.resolve('@tollgate/portal/package.json')) });
  },
};
