import type { DnsServers } from '../upstream/names/dns-servers.ts';
import type { DnsOptions } from '../upstream/names/name-resolver.ts';
import { type ConsulOptions, ConsulSource } from './consul-source.ts';
import { DnsSource } from './dns-source.ts';
import { type KubernetesOptions, KubernetesSource } from './kubernetes-source.ts';
import type { ServiceSource } from './service-source.ts';

/** The registries that a data plane can reach: settings of the process, never of a tenant. */
export interface DiscoveryRegistries {
  readonly consul?: ConsulOptions;
  readonly kubernetes?: KubernetesOptions;
}

const defaultSrvRefreshSeconds = 10;

/** The sources by `discovery_type`. Throws an Error when one is configured with what is no URL. */
export function discoverySources({
  registries: { consul, kubernetes },
  dnsServers,
  dns,
}: {
  readonly registries: DiscoveryRegistries;
  readonly dnsServers: DnsServers;
  readonly dns: DnsOptions;
}): Map<string, ServiceSource> {
  const { srvRefreshSeconds = defaultSrvRefreshSeconds, ttlOverrideSeconds } = dns;
  const srvRefreshMs = srvRefreshSeconds * 1000;
  const ttlOverrideMs = ttlOverrideSeconds === undefined ? null : ttlOverrideSeconds * 1000;
  const sources = new Map<string, ServiceSource>();
  sources.set('dns', new DnsSource({ servers: dnsServers, srvRefreshMs, ttlOverrideMs }));
  if (consul !== undefined) sources.set('consul', new ConsulSource(consul));
  if (kubernetes !== undefined) sources.set('kubernetes', new KubernetesSource(kubernetes));
  return sources;
}
