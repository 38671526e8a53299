import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import type { ServiceName } from '@tollgate/contracts';
import type { FastifyInstance } from 'fastify';
import type { PlatformConfig } from '../config/platform-config.ts';

/** A second, public door of a service: only the named paths, on a port of its own. */
export interface PublicListener {
  port: number;
  /** Paths that pass: exact, or a prefix when it ends in `/`. */
  allow: readonly string[];
  /**
   * What every other path outside `/api/` and `/internal/` becomes: the one page of a front-end that reads its address itself. Such a
   * request reaches this path and no other, so nothing inside is exposed by it.
   */
  page?: string;
}

/** One control-plane service, as `runService` boots it alone and `standalone` boots it beside the others. */
export interface ServiceApp<C extends PlatformConfig = PlatformConfig> {
  readonly service: ServiceName;
  /** @throws ConfigError */
  loadConfig(env: Record<string, string | undefined>): C;
  module(config: C): DynamicModule;
  publicListener?(config: C): PublicListener;
  /** Routes that are no API endpoints: pages, proxies. Runs before Nest registers its own. */
  routes?(fastify: FastifyInstance, app: INestApplicationContext, config: C): void | Promise<void>;
}
