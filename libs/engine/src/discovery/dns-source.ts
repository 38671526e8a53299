import { setTimeout as delay } from 'node:timers/promises';
import { type DnsServers, NameNotFoundError } from '../upstream/names/dns-servers.ts';
import type { DiscoveredNode, Found, ServiceSource } from './service-source.ts';

type RecordKind = 'SRV' | 'A' | 'AAAA';

interface FoundRecords {
  readonly nodes: readonly DiscoveredNode[];
  readonly holdsMs: number;
}

const kinds: readonly RecordKind[] = ['SRV', 'A', 'AAAA'];
const minHoldsMs = 1_000;
const maxHoldsMs = 300_000;
const namePattern = /^([A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9_.])?)(?::(\d{1,5}))?$/;

/** How DNS is asked for services; times in milliseconds. */
export interface DnsSourceOptions {
  readonly servers: DnsServers;
  /** SRV records are asked for this often: Node does not tell their TTL. */
  readonly srvRefreshMs: number;
  /** How long addresses hold, whatever their TTL says. */
  readonly ttlOverrideMs: number | null;
}

/**
 * Services as names in DNS, with APISIX's meaning: SRV records first (weights kept, 0 counts as 1; a lower priority number is used first),
 * else every A record, else every AAAA record. `service_name` may end with the port for those that name none.
 */
export class DnsSource implements ServiceSource {
  constructor(private readonly options: DnsSourceOptions) {}

  check(serviceName: string): void {
    const match = namePattern.exec(serviceName);
    if (match === null || Number(match[2] ?? 1) > 65_535) {
      throw new Error(`service_name "${serviceName}" is not a name in DNS, with or without a port`);
    }
  }

  async follow(serviceName: string, found: Found, signal: AbortSignal): Promise<void> {
    const match = namePattern.exec(serviceName);
    const name = match?.[1] ?? serviceName;
    const port = match?.[2] === undefined ? null : Number(match[2]);
    let last: RecordKind | null = null;
    while (!signal.aborted) {
      const order: readonly RecordKind[] = last === null ? kinds : [last, ...kinds.filter((kind) => kind !== last)];
      const { kind, records } = await this.#firstOf(order, name, port);
      last = kind;
      found(records.nodes);
      await delay(records.holdsMs, undefined, { signal, ref: false });
    }
  }

  async #firstOf(
    order: readonly RecordKind[],
    name: string,
    port: number | null,
  ): Promise<{ kind: RecordKind; records: FoundRecords }> {
    for (const kind of order) {
      try {
        return { kind, records: await this.#ask(kind, name, port) };
      } catch (cause) {
        if (!(cause instanceof NameNotFoundError)) throw cause;
      }
    }
    throw new Error('there are no SRV, A or AAAA records of this name');
  }

  async #ask(kind: RecordKind, name: string, port: number | null): Promise<FoundRecords> {
    const { servers, srvRefreshMs, ttlOverrideMs } = this.options;
    if (kind === 'SRV') {
      const records = await servers.resolveSrv(name);
      const nodes = records
        .filter((record) => record.name !== '' && record.name !== '.')
        .map((record) => ({
          host: record.name.replace(/\.$/, ''),
          port: record.port === 0 ? port : record.port,
          weight: Math.max(1, record.weight),
          priority: -record.priority,
        }))
        .sort(byName);
      return { nodes, holdsMs: srvRefreshMs };
    }
    const records = await (kind === 'A' ? servers.resolve4(name) : servers.resolve6(name));
    const ttlMs = Math.min(...records.map(({ ttl }) => ttl)) * 1000;
    return {
      nodes: records.map(({ address }) => ({ host: address, port, weight: 1, priority: 0 })).sort(byName),
      holdsMs: ttlOverrideMs ?? Math.min(maxHoldsMs, Math.max(minHoldsMs, ttlMs)),
    };
  }
}

/** Servers change the order of records with each answer; the nodes are the same. */
function byName(one: DiscoveredNode, other: DiscoveredNode): number {
  return one.host < other.host ? -1 : one.host > other.host ? 1 : (one.port ?? 0) - (other.port ?? 0);
}
