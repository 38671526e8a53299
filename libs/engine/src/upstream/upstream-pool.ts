import { isIP } from 'node:net';
import type { Upstream, UpstreamNode } from '@tollgate/contracts/gateway';
import { type Balancer, byPriority, type Node } from '../balancing/balancer.ts';
import { consistentHash } from '../balancing/consistent-hash.ts';
import { leastConnections, lowestLatency } from '../balancing/least-loaded.ts';
import { roundRobin } from '../balancing/round-robin.ts';
import type { UpstreamConnection } from '../http1/upstream-connection.ts';
import { UpstreamSessions } from '../http2/upstream-sessions.ts';
import type { TlsClientOptions } from '../sockets/tls-sockets.ts';
import { IdleConnections } from './idle-connections.ts';

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
  readonly nodes: readonly Node[];
  readonly idle: IdleConnections<UpstreamConnection>;
  /** The connections of upstreams that speak HTTP/2; null for HTTP/1. */
  readonly sessions: UpstreamSessions | null;
  /** Null for plain HTTP. */
  readonly tls: TlsClientOptions | null;
  readonly timeouts: UpstreamTimeouts;
  /** How many further nodes may be tried after the first. */
  readonly retries: number;
  /** 0 = no bound. */
  readonly retryTimeoutMs: number;
  /** Whether picking nodes depends on how long calls take. */
  readonly measuresLatency: boolean;
  readonly #passHost: Upstream['pass_host'];
  readonly #rewrittenHost: string | undefined;
  readonly #hashOn: Upstream['hash_on'];
  readonly #hashKey: string;
  readonly #balancer: Balancer;

  /** Throws an Error with a reason for people when the engine cannot serve such an upstream. */
  constructor(upstream: Upstream, now: () => number) {
    const scheme = transports[upstream.scheme];
    if (scheme === undefined) throw new Error(`scheme "${upstream.scheme}" is not supported by this data plane`);
    const isHttp2 = upstream.scheme === 'grpc' || upstream.scheme === 'grpcs';
    if (upstream.nodes === undefined) throw new Error('service discovery is not supported by this data plane');
    const { size, idle_timeout: idleTimeout } = upstream.keepalive_pool ?? { size: 320, idle_timeout: 60 };
    this.scheme = scheme;
    this.nodes = upstream.nodes.map((node) => toNode(node, this.scheme));
    this.idle = new IdleConnections({ maxPerNode: size, idleTimeoutMs: idleTimeout * 1000 });
    this.sessions = isHttp2 ? new UpstreamSessions({ scheme, idleTimeoutMs: this.idle.idleTimeoutMs }) : null;
    this.tls = scheme === 'https' ? toTlsOptions(upstream.tls ?? {}, isHttp2 ? 'h2' : 'http/1.1') : null;
    this.timeouts = upstream.timeout === undefined ? defaultTimeouts : toTimeouts(upstream.timeout);
    this.retries = Math.min(upstream.retries ?? Infinity, Math.max(0, this.nodes.length - 1));
    this.retryTimeoutMs = upstream.retry_timeout * 1000;
    this.measuresLatency = upstream.type === 'ewma';
    this.#passHost = upstream.pass_host;
    this.#rewrittenHost = upstream.upstream_host;
    this.#hashOn = upstream.hash_on;
    this.#hashKey = upstream.key ?? 'remote_addr';
    this.#balancer = byPriority(this.nodes, (members) => createBalancer(upstream.type, members, now));
  }

  /** Picks a node that is not among those that have failed the call. */
  pick(excluded: ReadonlySet<Node>, call: HashSource): Node | undefined {
    return this.#balancer.pick(excluded, () => this.#hashValue(call));
  }

  release(node: Node, latencyMs: number): void {
    this.#balancer.release(node, latencyMs);
  }

  /** The Host that a node gets, by `pass_host`. */
  hostFor(node: Node, clientHost: string): string {
    switch (this.#passHost) {
      case 'node':
        return isDefaultPort(node.port, this.scheme) ? bracketed(node.host) : node.name;
      case 'rewrite':
        return this.#rewrittenHost ?? clientHost;
      case 'pass':
        return clientHost;
    }
  }

  /** Lets go of idle connections; calls under way end undisturbed. */
  retire(): void {
    this.idle.retire();
    this.sessions?.retire();
  }

  #hashValue(call: HashSource): string {
    const value = this.#readHashValue(call);
    return value === undefined || value === '' ? call.clientAddress : value;
  }

  #readHashValue(call: HashSource): string | undefined {
    switch (this.#hashOn) {
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

function toTlsOptions(tls: NonNullable<Upstream['tls']>, protocol: 'h2' | 'http/1.1'): TlsClientOptions {
  return {
    protocol,
    rejectUnauthorized: tls.verify ?? false,
    ...(tls.client_cert === undefined ? {} : { cert: tls.client_cert }),
    ...(tls.client_key === undefined ? {} : { key: tls.client_key }),
  };
}

function createBalancer(type: Upstream['type'], nodes: readonly Node[], now: () => number): Balancer {
  switch (type) {
    case 'roundrobin':
      return roundRobin(nodes);
    case 'chash':
      return consistentHash(nodes);
    case 'least_conn':
      return leastConnections(nodes);
    case 'ewma':
      return lowestLatency(nodes, now);
  }
}

function toNode({ host, port, weight, priority }: UpstreamNode, scheme: 'http' | 'https'): Node {
  const plain = host.replace(/^\[(.*)\]$/, '$1');
  const effectivePort = port ?? (scheme === 'https' ? 443 : 80);
  return { host: plain, port: effectivePort, weight, priority, name: `${bracketed(plain)}:${effectivePort}` };
}

function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

function isDefaultPort(port: number, scheme: 'http' | 'https'): boolean {
  return port === (scheme === 'https' ? 443 : 80);
}
