import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { addBrowserSessions, BrowserSessionStore, portalRealm } from '@tollgate/auth';
import { endpointCatalogue } from '@tollgate/contracts/rest';
import { REDIS } from '@tollgate/platform';
import type { FastifyInstance } from 'fastify';
import type { Redis } from 'ioredis';
import { type DeveloperPortalConfig, PORTAL_CONFIG } from '../config.ts';

/** Lets the portal's pages log in and out without holding a token, at each site apart. */
@Injectable()
export class BrowserSessions {
  constructor(
    @Inject(HttpAdapterHost) host: HttpAdapterHost<FastifyAdapter>,
    @Inject(REDIS) redis: Redis,
    @Inject(PORTAL_CONFIG) config: DeveloperPortalConfig,
  ) {
    addBrowserSessions(host.httpAdapter.getInstance<FastifyInstance>(), {
      store: new BrowserSessionStore({ redis, masterKey: config.TOLLGATE_MASTER_KEY }),
      publicUrl: new URL(config.PUBLIC_PORTAL_URL),
      endpoints: endpointCatalogue().filter(({ path }) => portalRealm(path.replace('{siteSlug}', 'any')) !== undefined),
      realmOf: portalRealm,
    });
  }
}
