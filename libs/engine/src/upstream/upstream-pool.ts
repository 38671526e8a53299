import { createSecureContext } from 'node:tls';
import type { Upstream, UpstreamNode } from '@tollgate/contracts/gateway';
import { type Balancer, byPriority } from '../balancing/balancer.ts';
import { consistentHash } from '../balancing/consistent-hash.ts';
import { leastConnections, lowestLatency } from '../balancing/least-loaded.ts';
import { bracketed, createNode, isHost, type Node } from '../balancing/node.ts';
import { roundRobin } from '../balancing/round-robin.ts';
import type { Discovery } from '../discovery/discovery.ts';
import type { DiscoveredNode } from '../discovery/service-source.ts';
import type { UpstreamConnection } from '../http1/upstream-connection.ts';
import { UpstreamSessions } from '../http2/upstream-sessions.ts';
import type { TlsClientOptions } from '../sockets/tls-sockets.ts';
import { type HealthServices, PoolHealth } from './health/pool-health.ts';
import type { HealthKey } from './health/health-board.ts';
import { newStanding, type NodeStanding } from './health/node-standing.ts';
import { IdleConnections } from './idle-connections.ts';
import type { Resilience } from './resilience.ts';
import { RetryBudget } from './retry-budget.ts';

/** Timeouts of one call in milliseconds; `read` and `send` count from the last progress. */
export interface UpstreamTimeouts {
  readonly connectMs: number;
  readonly sendMs: number;
  readonly readMs: number;
}

/** What a call tells consistent hashing. */
export interface HashSource {
  variable(name: string): string | undefined;
  header(name: string): string | undefined;
  cookie(name: string): string | undefined;
  readonly consumerId: string | undefined;
  readonly clientAddress: string;
}

/** Where a pool stands, and what it works with. */
export interface PoolSurroundings {
  readonly key: HealthKey;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly tenantId: () => string;
  /** The settings in force; they may change at any time. */
  readonly resilience: () => Resilience;
  /** Null where configuration is only checked: nothing is probed, no service is followed. */
  readonly health: HealthServices | null;
  readonly discovery: Discovery | null;
}
/** What lies below the schemes that can be served; gRPC is HTTP/2 with TLS or without. */
const transports: Readonly<Partial<Record<Upstream['scheme'], 'http' | 'https'>>> = {
  http: 'http',
  https: 'https',
  grpc: 'http',
  grpcs: 'https',
};

const defaultTimeouts: UpstreamTimeouts = { connectMs: 60_000, sendMs: 60_000, readMs: 60_000 };

/** An upstream ready for use: its nodes, how one is picked, and the connections kept to them. */
export class UpstreamPool {
  readonly scheme: 'http' | 'https';
  readonly idle: IdleConnections<UpstreamConnection>;
  /** The connections of upstreams that speak HTTP/2; null for HTTP/1. */
  readonly sessions: UpstreamSessions | null;
  /** Null for plain HTTP. */
  readonly tls: TlsClientOptions | null;
  readonly timeouts: UpstreamTimeouts;
  /** 0 = no bound. */
  readonly retryTimeoutMs: number;
  readonly retryBudget = new RetryBudget();
  /** Whether picking nodes depends on how long calls take. */
  readonly measuresLatency: boolean;
  /** Told how calls end, where the upstream has passive checks; else null. */
  readonly judge: PoolHealth | null;
  readonly #upstream: Upstream;
  readonly #surroundings: PoolSurroundings;
  readonly #hashKey: string;
  readonly #health: PoolHealth | null;
  #nodes: readonly Node[] = [];
  #balancer: Balancer<HashSource> = byPriority([], roundRobin);
  #retries = 0;
  #stopFollowing: (() => void) | null = null;
  /** What the pool before knew, until this one has nodes. */
  #known: ReadonlyMap<string, NodeStanding> | undefined;

  /**
   * Throws an Error with a reason for people when the engine cannot serve such an upstream.
   * @param before the pool that this one replaces: what it knows about nodes is taken over.
   */
  constructor(upstream: Upstream, surroundings: PoolSurroundings, before: UpstreamPool | null = null) {
    const scheme = transports[upstream.scheme];
    if (scheme === undefined) throw new Error(`scheme "${upstream.scheme}" is not supported by this data plane`);
    const isHttp2 = upstream.scheme === 'grpc' || upstream.scheme === 'grpcs';
    const { size, idle_timeout: idleTimeout } = upstream.keepalive_pool ?? { size: 320, idle_timeout: 60 };
    this.#upstream = upstream;
    this.#surroundings = surroundings;
    this.scheme = scheme;
    this.idle = new IdleConnections({ maxPerNode: size, idleTimeoutMs: idleTimeout * 1000 });
    this.sessions = isHttp2 ? new UpstreamSessions({ scheme, idleTimeoutMs: this.idle.idleTimeoutMs }) : null;
    this.tls = scheme === 'https' ? toTlsOptions(upstream.tls ?? {}, isHttp2 ? 'h2' : 'http/1.1') : null;
    this.timeouts = upstream.timeout === undefined ? defaultTimeouts : toTimeouts(upstream.timeout);
    this.retryTimeoutMs = upstream.retry_timeout * 1000;
    this.measuresLatency = upstream.type === 'ewma';
    this.#hashKey = upstream.key ?? 'remote_addr';
    this.#health = this.#createHealth(before !== null);
    this.judge = this.#health?.judgesCalls === true ? this.#health : null;
    this.#known = before?.standings();
    if (upstream.nodes === undefined) this.#stopFollowing = this.#follow();
    else this.#setNodes(upstream.nodes.map((node) => toNode(node, this.scheme)));
  }

  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  /** How many further nodes may be tried after the first. */
  get retries(): number {
    return this.#retries;
  }

  /** Picks a node that is not among those that have failed the call. */
  pick(excluded: ReadonlySet<Node>, call: HashSource): Node | undefined {
    return this.#balancer.pick(excluded, call);
  }

  release(node: Node, latencyMs: number): void {
    this.#balancer.release(node, latencyMs);
  }

  /** The Host that a node gets, by `pass_host`. */
  hostFor(node: Node, clientHost: string): string {
    switch (this.#upstream.pass_host) {
      case 'node':
        return isDefaultPort(node.port, this.scheme) ? bracketed(node.host) : node.name;
      case 'rewrite':
        return this.#upstream.upstream_host ?? clientHost;
      case 'pass':
        return clientHost;
    }
  }

  /** What is known about each node, by name. */
  standings(): ReadonlyMap<string, NodeStanding> {
    return this.#health?.standings ?? new Map(this.#nodes.map(({ name }) => [name, newStanding()]));
  }

  /** Lets go of idle connections, ends probing and following; calls under way end undisturbed. */
  retire(): void {
    this.#stopFollowing?.();
    this.#health?.retire();
    this.idle.retire();
    this.sessions?.retire();
  }

  /** Null when nothing can ever change the shares of the nodes. */
  #createHealth(isReplacement: boolean): PoolHealth | null {
    const { key, now, tenantId, resilience, health: services } = this.#surroundings;
    const { checks, nodes } = this.#upstream;
    const mayStartSlowly = nodes === undefined || (isReplacement && resilience().slowStartMs > 0);
    if (checks === undefined && !mayStartSlowly) return null;
    const subjectOf = ({ host }: Node) => ({ groupId: key.groupId, tenantId: tenantId(), host });
    const tls = this.tls === null ? null : ({ ...this.tls, protocol: 'http/1.1' } as const);
    return new PoolHealth({ key, checks, tls, resilience, subjectOf, now, services });
  }

  #setNodes(nodes: readonly Node[]): void {
    const { type, retries } = this.#upstream;
    this.#nodes = nodes;
    this.#retries = Math.min(retries ?? Infinity, Math.max(0, nodes.length - 1));
    this.#balancer = byPriority(nodes, (members) => this.#createBalancer(type, members));
    this.#health?.setNodes(nodes, this.#known);
    this.#known = undefined;
  }

  #follow(): (() => void) | null {
    const { service_name: serviceName, discovery_type: type } = this.#upstream;
    if (serviceName === undefined || type === undefined) throw new Error('service_name needs a discovery_type');
    const listener = (found: readonly DiscoveredNode[]) => this.#setDiscovered(found);
    return this.#surroundings.discovery?.follow({ type, serviceName }, listener) ?? null;
  }

  /** Nodes that stay keep their connections and figures. */
  #setDiscovered(found: readonly DiscoveredNode[]): void {
    const before = new Map(this.#nodes.map((node) => [node.name, node]));
    const nodes = found.map((one) => {
      const node = toNode({ ...one, port: one.port ?? undefined }, this.scheme);
      const known = before.get(node.name);
      return known?.weight === node.weight && known.priority === node.priority ? known : node;
    });
    const kept = new Set(nodes);
    for (const node of this.#nodes) {
      if (kept.has(node)) continue;
      this.idle.forget(node);
      this.sessions?.forget(node);
    }
    this.#setNodes(nodes);
  }

  #createBalancer(type: Upstream['type'], nodes: readonly Node[]): Balancer<HashSource> {
    switch (type) {
      case 'roundrobin':
        return roundRobin(nodes);
      case 'chash':
        return consistentHash(nodes, (call) => this.#hashValue(call));
      case 'least_conn':
        return leastConnections(nodes);
      case 'ewma':
        return lowestLatency(nodes, this.#surroundings.now);
    }
  }

  #hashValue(call: HashSource): string {
    const value = this.#readHashValue(call);
    return value === undefined || value === '' ? call.clientAddress : value;
  }

  #readHashValue(call: HashSource): string | undefined {
    switch (this.#upstream.hash_on) {
      case 'vars':
        return call.variable(this.#hashKey);
      case 'header':
        return call.header(this.#hashKey.replace(/^http_/, '').replaceAll('_', '-'));
      case 'cookie':
        return call.cookie(this.#hashKey.replace(/^cookie_/, ''));
      case 'consumer':
        return call.consumerId;
      case 'vars_combinations':
        return this.#hashKey.replace(/\$\{?(\w+)\}?/g, (_, name: string) => call.variable(name) ?? '');
    }
  }
}

/** Seconds as APISIX writes them, in milliseconds. */
export function toTimeouts(timeout: NonNullable<Upstream['timeout']>): UpstreamTimeouts {
  return { connectMs: timeout.connect * 1000, sendMs: timeout.send * 1000, readMs: timeout.read * 1000 };
}

function toTlsOptions(
  { verify = false, client_cert: cert, client_key: key }: TlsSettings,
  protocol: TlsClientOptions['protocol'],
): TlsClientOptions {
  if (cert === undefined && key === undefined) return { protocol, rejectUnauthorized: verify };
  if (cert === undefined || key === undefined) throw new Error('tls.client_cert and tls.client_key belong together');
  try {
    return { protocol, rejectUnauthorized: verify, secureContext: createSecureContext({ cert, key }) };
  } catch (cause) {
    throw new Error('tls.client_cert and tls.client_key are no certificate and its key', { cause });
  }
}

type TlsSettings = NonNullable<Upstream['tls']>;
type NodeFacts = Pick<UpstreamNode, 'host' | 'port' | 'weight' | 'priority'>;

function toNode({ host, port, weight, priority }: NodeFacts, scheme: 'http' | 'https'): Node {
  const plain = host.replace(/^\[(.*)\]$/, '$1');
  if (!isHost(plain)) throw new Error(`the host of a node is neither a name nor an address: ${JSON.stringify(plain)}`);
  return createNode({ host: plain, port: port ?? (scheme === 'https' ? 443 : 80), weight, priority });
}

function isDefaultPort(port: number, scheme: 'http' | 'https'): boolean {
  return port === (scheme === 'https' ? 443 : 80);
}
