import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { askRegistry, readAuthority, readSecret } from './registry-http.ts';
import type { DiscoveredNode, Found, ServiceSource } from './service-source.ts';

/** How to reach Consul. */
export interface ConsulOptions {
  /** `http://host:8500`, one or more: the next is asked when one fails. */
  readonly servers: readonly string[];
  readonly token?: string;
  /** Read anew for each query. */
  readonly tokenFile?: string;
  /** PEM of the authority behind `https` servers. */
  readonly ca?: string;
  /** Read anew for each query. */
  readonly caFile?: string;
  readonly datacenter?: string;
  /** How long a blocking query waits for a change. Default 55. */
  readonly waitSeconds?: number;
  /** How long an answer may take beyond that; Consul itself adds up to a sixteenth of the wait. Default 15. */
  readonly timeoutSeconds?: number;
}

const answerSchema = z.array(
  z.looseObject({
    Node: z.looseObject({ Address: z.string() }),
    Service: z.looseObject({
      Address: z.string().optional(),
      Port: z.number().int().min(0).max(65_535),
      Weights: z.looseObject({ Passing: z.number().int().nonnegative() }).nullish(),
    }),
  }),
);

/** Between two queries, should Consul not wait at all. */
const pauseMs = 200;

/** Services in Consul: those of their instances that pass all checks, by blocking queries. */
export class ConsulSource implements ServiceSource {
  readonly #options: ConsulOptions;
  readonly #servers: readonly URL[];
  #preferred = 0;

  /** Throws when a server is not a URL. */
  constructor(options: ConsulOptions) {
    this.#options = options;
    this.#servers = options.servers.map((server) => new URL(server));
    if (this.#servers.length === 0) throw new Error('discovery by Consul needs a server');
  }

  check(serviceName: string): void {
    if (!/^[\w.-]{1,253}$/.test(serviceName)) throw new Error(`service_name "${serviceName}" is no service in Consul`);
  }

  async follow(serviceName: string, found: Found, signal: AbortSignal): Promise<void> {
    const server = this.#servers[this.#preferred % this.#servers.length]!;
    let index = 0;
    try {
      for (;;) {
        const { json, next } = await this.#query(server, { serviceName, index, signal });
        found(json);
        // An index that goes backwards, or none, means: begin anew.
        index = next < index ? 0 : next;
        await delay(pauseMs, undefined, { signal, ref: false });
      }
    } catch (cause) {
      this.#preferred++;
      throw cause;
    }
  }

  async #query(
    server: URL,
    { serviceName, index, signal }: { serviceName: string; index: number; signal: AbortSignal },
  ): Promise<{ json: DiscoveredNode[]; next: number }> {
    const { waitSeconds = 55, timeoutSeconds = 15, datacenter, token, tokenFile, ca, caFile } = this.#options;
    const url = new URL(`v1/health/service/${encodeURIComponent(serviceName)}`, withSlash(server));
    url.searchParams.set('passing', '1');
    if (datacenter !== undefined) url.searchParams.set('dc', datacenter);
    if (index > 0) url.searchParams.set('index', String(index));
    url.searchParams.set('wait', `${waitSeconds}s`);
    const secret = await readSecret(token, tokenFile);
    const headers: Record<string, string> = secret === undefined ? {} : { 'x-consul-token': secret };
    const { json, headers: said } = await askRegistry({
      url,
      headers,
      ca: await readAuthority(ca, caFile),
      timeoutMs: ((index === 0 ? 0 : waitSeconds) + timeoutSeconds) * 1000,
      signal,
    });
    const parsed = answerSchema.safeParse(json);
    if (!parsed.success) throw new Error('Consul answered with what is no list of services');
    const next = Number(said['x-consul-index'] ?? 0);
    return { json: parsed.data.flatMap(toNode), next: Number.isSafeInteger(next) && next > 0 ? next : 0 };
  }
}

function toNode({ Node, Service }: z.infer<typeof answerSchema>[number]): DiscoveredNode[] {
  const host = Service.Address === undefined || Service.Address === '' ? Node.Address : Service.Address;
  if (host === '' || Service.Port === 0) return [];
  return [{ host, port: Service.Port, weight: Math.max(1, Service.Weights?.Passing ?? 1), priority: 0 }];
}

function withSlash(server: URL): URL {
  return server.pathname.endsWith('/') ? server : new URL(`${server.href}/`);
}
