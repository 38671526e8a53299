import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { askRegistry, readAuthority, readSecret, type RegistryRequest, streamRegistry } from './registry-http.ts';
import type { DiscoveredNode, Found, ServiceSource } from './service-source.ts';

/** How to reach the API server of a cluster. */
export interface KubernetesOptions {
  /** `https://kubernetes.default.svc`. */
  readonly server: string;
  readonly token?: string;
  /** Read anew for each request: tokens of service accounts are rotated. */
  readonly tokenFile?: string;
  /** PEM of the cluster's authority. */
  readonly ca?: string;
  /** Read anew for each request, too. */
  readonly caFile?: string;
  /** How long one watch lasts. Default 60. */
  readonly watchSeconds?: number;
  /** How long a list may take, and a watch longer than it should. Default 15. */
  readonly timeoutSeconds?: number;
}

const sliceSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string(), resourceVersion: z.string().optional() }),
  endpoints: z
    .array(
      z.looseObject({
        addresses: z.array(z.string()),
        conditions: z.looseObject({ ready: z.boolean().nullish() }).nullish(),
      }),
    )
    .nullish(),
  ports: z
    .array(z.looseObject({ name: z.string().nullish(), port: z.number().int().min(1).max(65_535).nullish() }))
    .nullish(),
});
type Slice = z.infer<typeof sliceSchema>;

const listSchema = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string() }),
  items: z.array(sliceSchema).nullish(),
});

const eventSchema = z.looseObject({
  type: z.string(),
  object: z.looseObject({
    metadata: z.looseObject({ name: z.string().optional(), resourceVersion: z.string().optional() }).nullish(),
  }),
});

const namePattern = /^([a-z0-9-]{1,63})\/([a-z0-9.-]{1,253})(?::([a-z0-9-]{1,63}))?$/;
/** Between two watches, should the server end them at once. */
const pauseMs = 200;
const maxSlices = 1_000;

/**
 * Services in a cluster by their EndpointSlices: listed once, then watched. `service_name` is `namespace/name:port` as in APISIX, the port by
 * its name or number; without one the first counts. Only endpoints that are ready are nodes.
 */
export class KubernetesSource implements ServiceSource {
  readonly #options: KubernetesOptions;
  readonly #server: URL;

  /** Throws when the server is not a URL. */
  constructor(options: KubernetesOptions) {
    this.#options = options;
    this.#server = new URL(options.server);
  }

  check(serviceName: string): void {
    if (!namePattern.test(serviceName)) {
      throw new Error(`service_name "${serviceName}" must be written as namespace/name:port`);
    }
  }

  async follow(serviceName: string, found: Found, signal: AbortSignal): Promise<void> {
    const [, namespace = '', name = '', port] = namePattern.exec(serviceName) ?? [];
    const slices = new Map<string, readonly DiscoveredNode[]>();
    const tell = () => found([...slices.values()].flat());
    const { json } = await askRegistry(await this.#request({ namespace, name }, 0, signal));
    const list = listSchema.safeParse(json);
    if (!list.success) throw new Error('the API server answered with what is no list of EndpointSlices');
    for (const slice of list.data.items ?? []) keep(slices, slice, port);
    tell();
    let version = list.data.metadata.resourceVersion;
    const { watchSeconds = 60 } = this.#options;
    for (;;) {
      const watch = { watch: '1', allowWatchBookmarks: 'true', timeoutSeconds: String(watchSeconds) };
      const query = { namespace, name, query: { ...watch, resourceVersion: version } };
      const request = await this.#request(query, watchSeconds, signal);
      for await (const line of streamRegistry(request)) {
        const event = eventSchema.safeParse(line);
        if (!event.success) throw new Error('the watch brought what is no event');
        // "Too old": everything is to be listed again.
        if (event.data.type === 'ERROR') return;
        version = event.data.object.metadata?.resourceVersion ?? version;
        if (applyEvent(slices, event.data, port)) tell();
      }
      await delay(pauseMs, undefined, { signal, ref: false });
    }
  }

  async #request(
    { namespace, name, query }: { namespace: string; name: string; query?: Record<string, string> },
    lastsSeconds: number,
    signal: AbortSignal,
  ): Promise<RegistryRequest> {
    const { token, tokenFile, ca, caFile, timeoutSeconds = 15 } = this.#options;
    const url = new URL(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, this.#server);
    url.searchParams.set('labelSelector', `kubernetes.io/service-name=${name}`);
    for (const [key, value] of Object.entries(query ?? {})) url.searchParams.set(key, value);
    const secret = await readSecret(token, tokenFile);
    const headers = {
      accept: 'application/json',
      ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
    };
    return {
      url,
      headers,
      ca: await readAuthority(ca, caFile),
      timeoutMs: (lastsSeconds + timeoutSeconds) * 1000,
      signal,
    };
  }
}

/** @returns true when nodes may have changed. */
function applyEvent(
  slices: Map<string, readonly DiscoveredNode[]>,
  event: z.infer<typeof eventSchema>,
  port: string | undefined,
): boolean {
  switch (event.type) {
    case 'ADDED':
    case 'MODIFIED': {
      const slice = sliceSchema.safeParse(event.object);
      if (!slice.success) throw new Error('the watch brought what is no EndpointSlice');
      keep(slices, slice.data, port);
      return true;
    }
    case 'DELETED':
      return slices.delete(event.object.metadata?.name ?? '');
    default:
      return false;
  }
}

function keep(slices: Map<string, readonly DiscoveredNode[]>, slice: Slice, port: string | undefined): void {
  if (!slices.has(slice.metadata.name) && slices.size >= maxSlices)
    throw new Error('there are too many EndpointSlices');
  slices.set(slice.metadata.name, toNodes(slice, port));
}

function toNodes({ endpoints, ports }: Slice, wanted: string | undefined): DiscoveredNode[] {
  const chosen = (ports ?? []).find(
    ({ name, port }) => wanted === undefined || name === wanted || String(port) === wanted,
  );
  const number = chosen?.port;
  if (number === undefined || number === null) return [];
  return (endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false)
    .flatMap(({ addresses }) => addresses.map((host) => ({ host, port: number, weight: 1, priority: 0 })));
}
