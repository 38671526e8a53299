import type { ServiceApp } from '@tollgate/platform';
import { AnalyticsModule } from './analytics.module.ts';
import { loadAnalyticsConfig, type AnalyticsConfig } from './config.ts';

export { analyticsControllers } from './analytics.controllers.ts';
export { analyticsSchema } from './analytics.schema.ts';
export { analyticsConfig, type AnalyticsConfig } from './config.ts';

/** The service that counts calls, reports and prices them. */
export const analyticsApp: ServiceApp<AnalyticsConfig> = {
  service: 'analytics',
  loadConfig: loadAnalyticsConfig,
  module: (config) => AnalyticsModule.forConfig(config),
};
