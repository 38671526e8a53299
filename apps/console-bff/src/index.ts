import { serviceUrls } from '@tollgate/auth';
import { addWebApp, loadConfig, type ServiceApp, webAppFolder, webAppPage, webAppPaths } from '@tollgate/platform';
import { type ConsoleBffConfig, consoleBffConfig } from './config.ts';
import { ConsoleBffModule } from './console-bff.module.ts';
import { platformDocument } from './documents/api-document.ts';
import { addConsoleSessions } from './edge/console-sessions.ts';
import { addEdgeRoutes } from './edge/edge-routes.ts';
import { ForgottenCredentials } from './edge/forgotten-credentials.ts';
import { TokenExchange } from './edge/token-exchange.ts';
import { addLiveRoute } from './live/live-route.ts';
import { errorIndex } from './pages/error-index.generated.ts';
import { errorsPage } from './pages/errors-page.ts';
import { pageHeaders } from './pages/page.ts';

export { consoleBffConfig, type ConsoleBffConfig } from './config.ts';

/** The edge: public REST API by the owning service, the API document, the console's pages. */
export const consoleBffApp: ServiceApp<ConsoleBffConfig> = {
  service: 'console-bff',
  loadConfig: (env) => loadConfig(consoleBffConfig, env),
  module: (config) => ConsoleBffModule.forRoot(config),
  publicListener: (config) => ({
    port: config.CONSOLE_PORT,
    allow: [...webAppPaths, '/api/', '/docs/errors', '/healthz', '/readyz'],
    page: webAppPage,
  }),
  routes: async (fastify, app, config) => {
    const document = JSON.stringify(platformDocument());
    const errors = errorsPage(errorIndex);
    fastify.get('/docs/errors', async (_request, reply) => reply.headers(pageHeaders).send(errors));
    fastify.get('/api/openapi.json', async (_request, reply) => reply.type('application/json').send(document));
    await addWebApp(fastify, { folder: webAppFolder(import.meta.resolve('@tollgate/console/package.json')) });
    addConsoleSessions(fastify, app, config);
    addLiveRoute(fastify, app);
    await addEdgeRoutes(fastify, {
      urls: serviceUrls(config),
      exchange: app.get(TokenExchange),
      forgotten: app.get(ForgottenCredentials),
      timeoutMs: config.EDGE_TIMEOUT_MS,
    });
  },
};
