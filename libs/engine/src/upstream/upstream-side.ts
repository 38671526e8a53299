import { Discovery, type DiscoveryStatus } from '../discovery/discovery.ts';
import { type DiscoveryRegistries, discoverySources } from '../discovery/registries.ts';
import type { EngineMetrics } from '../metrics.ts';
import { HealthBoard, type HealthStatus } from './health/health-board.ts';
import type { ProbeServices } from './health/probe.ts';
import { ProbeSlots } from './health/probe-slots.ts';
import { DnsServers } from './names/dns-servers.ts';
import { HostsFile } from './names/hosts-file.ts';
import { CachingNameResolver, type DnsOptions, type DnsStatus } from './names/name-resolver.ts';
import { defaultResilience, type Resilience } from './resilience.ts';
import type { UpstreamEnvironment } from './upstream-environment.ts';

/** How an engine deals with upstreams. */
export interface UpstreamOptions {
  /** `follow` = nodes are probed elsewhere, and verdicts come by `Engine.applyHealth`. Default `probe`. */
  readonly healthChecks?: 'probe' | 'follow';
  /** How upstreams are used where their group does not say. Default: as APISIX does. */
  readonly resilience?: Resilience;
  /** How names of nodes are resolved. */
  readonly dns?: DnsOptions;
  /** Where upstreams with a `discovery_type` find their nodes; `dns` needs nothing here. */
  readonly discovery?: DiscoveryRegistries;
}

/** State of what stands behind an engine. */
export interface UpstreamStatus {
  /** Nodes of upstreams with checks. */
  readonly health: HealthStatus;
  readonly dns: DnsStatus;
  readonly discovery: DiscoveryStatus;
}

const defaultDnsTimeoutSeconds = 1;
/** Probes of a process under way at once. */
const maxProbes = 256;

/** What all upstreams of an engine share: names, verdicts, registries. */
export class UpstreamSide {
  readonly names: CachingNameResolver;
  readonly board = new HealthBoard();
  readonly #discovery: Discovery;
  readonly #options: UpstreamOptions;

  /** Throws an Error when name servers or registries are not written as such. */
  constructor(options: UpstreamOptions, { metrics, now }: { metrics: EngineMetrics; now: () => number }) {
    const { dns = {}, discovery = {} } = options;
    const timeoutMs = (dns.timeoutSeconds ?? defaultDnsTimeoutSeconds) * 1000;
    const dnsServers = new DnsServers({ servers: dns.servers, timeoutMs });
    this.#options = options;
    this.names = new CachingNameResolver(dnsServers, new HostsFile(dns.hostsFile), dns);
    this.#discovery = new Discovery({
      sources: discoverySources({ registries: discovery, dnsServers, dns }),
      now,
      changed: (state) => metrics.discovery?.(state),
    });
  }

  /** What upstreams work with; `services` are for probes. */
  environment(services: ProbeServices): UpstreamEnvironment {
    const { healthChecks = 'probe', resilience = defaultResilience } = this.#options;
    const probing = healthChecks === 'follow' ? null : { services, slots: new ProbeSlots(maxProbes) };
    return { health: { board: this.board, probing }, resilience, discovery: this.#discovery };
  }

  status(): UpstreamStatus {
    return { health: this.board.status(), dns: this.names.status(), discovery: this.#discovery.status() };
  }
}
