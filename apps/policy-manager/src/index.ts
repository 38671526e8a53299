import type { ServiceApp } from '@tollgate/platform';
import { loadPolicyManagerConfig, type PolicyManagerConfig } from './config.ts';
import { PolicyManagerModule } from './policy-manager.module.ts';

export { policyManagerConfig, type PolicyManagerConfig } from './config.ts';
export { policyManagerSchema } from './policy-manager.schema.ts';
export { policyManagerControllers } from './policy-manager.controllers.ts';

/** The service that owns the policy catalogue, policy templates and their versions. */
export const policyManagerApp: ServiceApp<PolicyManagerConfig> = {
  service: 'policy-manager',
  loadConfig: loadPolicyManagerConfig,
  module: (config) => PolicyManagerModule.forConfig(config),
};
