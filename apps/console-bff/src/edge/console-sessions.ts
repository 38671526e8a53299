import type { INestApplicationContext } from '@nestjs/common';
import { addBrowserSessions, BrowserSessionStore, consoleRealm } from '@tollgate/auth';
import { endpointCatalogue } from '@tollgate/contracts/rest';
import { consoleSessionLife } from '@tollgate/contracts/rest/iam';
import type { FastifyInstance } from 'fastify';
import type { ConsoleBffConfig } from '../config.ts';

/** Lets the console's pages log in and out without holding a token. The cookie lasts as long as a session in use may. */
export function addConsoleSessions(
  fastify: FastifyInstance,
  app: INestApplicationContext,
  config: ConsoleBffConfig,
): void {
  addBrowserSessions(fastify, {
    store: app.get(BrowserSessionStore),
    publicUrl: new URL(config.PUBLIC_CONSOLE_URL),
    endpoints: endpointCatalogue().filter(({ path }) => consoleRealm(path) !== undefined),
    realmOf: consoleRealm,
    longestMs: consoleSessionLife.longestMs,
  });
}
