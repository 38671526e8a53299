export { bootService, type RunningService } from './boot/boot-service.ts';
export { PlatformModule } from './boot/platform.module.ts';
export { closeOnSignal, runService } from './boot/run-service.ts';
export type { PublicListener, ServiceApp } from './boot/service-app.ts';
export { ConfigError, loadConfig, platformConfig, type PlatformConfig } from './config/platform-config.ts';
export type { Authenticator } from './endpoint/authenticator.port.ts';
export { auditOf, outcomeOf, principalOf, tenantOf } from './endpoint/call.ts';
export type { IdempotencyKey, IdempotencyState, IdempotencyStore } from './endpoint/idempotency.port.ts';
export { ApiController, ENDPOINT_METADATA, type EndpointRequest, Implements } from './endpoint/implements.ts';
export { bearerOf } from './endpoint/parse-call.ts';
export { ApiError, type ErrorPlace } from './errors/api-error.ts';
export { toApiError, toProblem } from './errors/problem-filter.ts';
export { placesOf, toPointer } from './errors/zod-places.ts';
export { type CheckResult, Readiness } from './health/readiness.ts';
export { createLogger } from './logging/logger.ts';
export { AttemptThrottle, type AttemptLimit } from './rate-limit/attempt-throttle.ts';
export { RateLimits, type RateLimitSettings } from './rate-limit/rate-limits.ts';
export { deriveKey, open, seal } from './secrets/derive.ts';
export {
  AUTHENTICATOR,
  IDEMPOTENCY_STORE,
  LOGGER,
  MESSAGE_STRATEGY,
  METRICS,
  PLATFORM_CONFIG,
  READINESS,
  REDIS,
  SERVICE_NAME,
} from './tokens.ts';
export { addWebApp, webAppFolder, webAppPage, webAppPaths } from './web/add-web-app.ts';
