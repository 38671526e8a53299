import type { ServiceApp } from '@tollgate/platform';
import { type GatewayManagerConfig, loadGatewayManagerConfig } from './config.ts';
import { GatewayManagerModule } from './gateway-manager.module.ts';

export { gatewayManagerConfig, type GatewayManagerConfig } from './config.ts';
export { gatewayManagerControllers } from './gateway-manager.controllers.ts';
export { gatewayManagerSchema } from './gateway-manager.schema.ts';

/** The service that owns gateway groups, their configuration and access state, and the link to data planes. */
export const gatewayManagerApp: ServiceApp<GatewayManagerConfig> = {
  service: 'gateway-manager',
  loadConfig: loadGatewayManagerConfig,
  module: (config) => GatewayManagerModule.forConfig(config),
};
