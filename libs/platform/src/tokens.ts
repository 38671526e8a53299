/** Injection tokens of what {@link PlatformModule} provides. */
export const LOGGER = Symbol('tollgate.logger');
export const METRICS = Symbol('tollgate.metrics');
export const READINESS = Symbol('tollgate.readiness');
export const SERVICE_NAME = Symbol('tollgate.service-name');
export const PLATFORM_CONFIG = Symbol('tollgate.platform-config');
/** Optional: a Nest custom transport strategy; boot connects it as the container's microservice. */
export const MESSAGE_STRATEGY = Symbol('tollgate.message-strategy');
/** Optional: an {@link IdempotencyStore}. */
export const IDEMPOTENCY_STORE = Symbol('tollgate.idempotency-store');
/** Optional: an {@link Authenticator}; without it only public endpoints answer. */
export const AUTHENTICATOR = Symbol('tollgate.authenticator');
/** The container's Redis connection (ioredis). */
export const REDIS = Symbol('tollgate.redis');
