export { type GatewayConfig, gatewayConfig, loadGatewayConfig } from './config.ts';
export { type RunningGateway, startGateway } from './gateway.ts';
