import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import type { ServiceName } from '@tollgate/contracts';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { PlatformConfig } from '../config/platform-config.ts';
import { EndpointGuard } from '../endpoint/endpoint.guard.ts';
import { EndpointInterceptor } from '../endpoint/endpoint.interceptor.ts';
import { Readiness } from '../health/readiness.ts';
import { RateLimits } from '../rate-limit/rate-limits.ts';
import { MessageStrategy } from './message-strategy.ts';
import { LOGGER, METRICS, PLATFORM_CONFIG, READINESS, REDIS, SERVICE_NAME } from '../tokens.ts';

/** Everything that each service container has one of: configuration, logger, metric registry, readiness, Redis connection, guard and interceptor. */
@Global()
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(@Inject(REDIS) private readonly redis: Redis) {}

  static forService(service: ServiceName, config: PlatformConfig, logger: Logger): DynamicModule {
    const metrics = new Registry();
    metrics.setDefaultLabels({ service });
    collectDefaultMetrics({ register: metrics });

    const redis = new Redis(config.REDIS_URL, {
      maxRetriesPerRequest: 1,
      enableOfflineQueue: true,
      connectionName: `tollgate-${service}`,
    });
    redis.on('error', (error) => logger.warn({ err: error }, 'redis connection failed'));

    const readiness = new Readiness();
    readiness.register('redis', () => redis.ping());

    const limits = new RateLimits(redis, {
      principalPerMinute: config.RATE_LIMIT_PER_MINUTE,
      tenantPerMinute: config.RATE_LIMIT_PER_MINUTE * 3,
      addressPerMinute: config.RATE_LIMIT_PER_MINUTE * 3,
      sensitivePerMinute: config.RATE_LIMIT_SENSITIVE_PER_MINUTE,
    });

    const shared = [
      { provide: SERVICE_NAME, useValue: service },
      { provide: PLATFORM_CONFIG, useValue: config },
      { provide: LOGGER, useValue: logger },
      { provide: METRICS, useValue: metrics },
      { provide: READINESS, useValue: readiness },
      { provide: REDIS, useValue: redis },
      { provide: RateLimits, useValue: limits },
    ];
    return {
      module: PlatformModule,
      providers: [
        ...shared,
        MessageStrategy,
        { provide: APP_GUARD, useClass: EndpointGuard },
        { provide: APP_INTERCEPTOR, useClass: EndpointInterceptor },
      ],
      exports: shared.map((provider) => provider.provide),
    };
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }
}
