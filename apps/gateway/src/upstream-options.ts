import { type AddressGuard, refusePrivateAddresses, type UpstreamOptions } from '@tollgate/engine';
import type { GatewayConfig } from './config.ts';

/** How names and services are found; can be sent to workers. */
export function upstreamOptions(config: GatewayConfig): Pick<UpstreamOptions, 'dns' | 'discovery'> {
  const {
    GATEWAY_DNS_SERVERS: servers,
    GATEWAY_CONSUL_SERVERS: consul,
    GATEWAY_KUBERNETES_SERVER: kubernetes,
  } = config;
  return {
    dns: servers.length === 0 ? {} : { servers },
    discovery: {
      ...(consul.length === 0
        ? {}
        : {
            consul: {
              servers: consul,
              ...given('tokenFile', config.GATEWAY_CONSUL_TOKEN_FILE),
              ...given('caFile', config.GATEWAY_CONSUL_CA_FILE),
            },
          }),
      ...(kubernetes === undefined
        ? {}
        : {
            kubernetes: {
              server: kubernetes,
              ...given('tokenFile', config.GATEWAY_KUBERNETES_TOKEN_FILE),
              ...given('caFile', config.GATEWAY_KUBERNETES_CA_FILE),
            },
          }),
    },
  };
}

/** Which addresses may be connected to: on a data plane that tenants share, public ones and what its operator allows. */
export function guardOf(isShared: boolean, allowedRanges: readonly string[]): { readonly guard?: AddressGuard } {
  return isShared ? { guard: refusePrivateAddresses(allowedRanges) } : {};
}

function given<K extends string>(name: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, string>);
}
