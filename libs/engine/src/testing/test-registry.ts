import type { IncomingMessage, ServerResponse } from 'node:http';
import { startUpstream, type TestUpstream, type TestUpstreamPlace } from './test-upstream.ts';

/** A registry whose answers wait for changes, as blocking queries and watches do. */
export interface TestRegistry extends TestUpstream {
  /** Answers what waits, and what comes, anew. */
  changed(): void;
}

/** An instance of a service in {@link startConsul}. */
export interface TestInstance {
  readonly address: string;
  readonly port: number;
  readonly weight?: number;
}

/** How a test's registry behaves instead of answering. */
export type RegistryFault = 'silent' | 'nonsense' | 'status' | 'endless' | null;

/** Consul's `/v1/health/service/…` with blocking queries. */
export interface TestConsul extends TestRegistry {
  readonly services: Map<string, readonly TestInstance[]>;
  fault: RegistryFault;
  /** The one token that is taken; null takes every request. */
  token: string | null;
}

/** Starts a Consul of one endpoint. */
export async function startConsul(
  services: Record<string, readonly TestInstance[]>,
  place: TestUpstreamPlace = {},
): Promise<TestConsul> {
  let index = 1;
  const waiting = new Set<() => void>();
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '/', 'http://consul');
    const instances = consul.services.get(pathname.replace('/v1/health/service/', '')) ?? [];
    response.setHeader('x-consul-index', String(index));
    response.end(
      JSON.stringify(
        instances.map(({ address, port, weight }) => ({
          Node: { Address: address },
          Service: { Address: '', Port: port, ...(weight === undefined ? {} : { Weights: { Passing: weight } }) },
        })),
      ),
    );
  };
  const upstream = await startUpstream((request, response) => {
    if (misbehave(consul.fault, response)) return;
    if (isRefused(consul.token, request.headers['x-consul-token'], response)) return;
    const asked = Number(new URL(request.url ?? '/', 'http://consul').searchParams.get('index') ?? 0);
    if (asked === index) waiting.add(() => answer(request, response));
    else answer(request, response);
  }, place);
  const consul: TestConsul = {
    ...upstream,
    services: new Map(Object.entries(services)),
    fault: null,
    token: null,
    changed: () => {
      index++;
      for (const reply of waiting) reply();
      waiting.clear();
    },
  };
  return consul;
}

/** The EndpointSlices of an API server, with watches. */
export interface TestCluster extends TestUpstream {
  /** `namespace/service`, then slices by name. */
  readonly slices: Map<string, Map<string, Record<string, unknown>>>;
  fault: RegistryFault;
  /** The one bearer token that is taken; null takes every request. */
  token: string | null;
  /** Changes a slice, or takes it away, and tells the watches. */
  put(service: string, slice: Record<string, unknown>): void;
  remove(service: string, name: string): void;
  /** Ends all watches with an event. */
  expire(): void;
}

/** Starts an API server of one endpoint. */
export async function startCluster(place: TestUpstreamPlace = {}): Promise<TestCluster> {
  let version = 1;
  const watches = new Map<ServerResponse, string>();
  const upstream = await startUpstream((request, response) => {
    if (misbehave(cluster.fault, response)) return;
    const said = request.headers.authorization?.replace('Bearer ', '');
    if (isRefused(cluster.token, said, response)) return;
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://cluster');
    const namespace = pathname.split('/')[5] ?? '';
    const service = `${namespace}/${searchParams.get('labelSelector')?.split('=')[1] ?? ''}`;
    if (searchParams.has('watch')) {
      response.flushHeaders();
      watches.set(response, service);
      response.once('close', () => watches.delete(response));
      return;
    }
    const items = [...(cluster.slices.get(service)?.values() ?? [])];
    response.end(JSON.stringify({ metadata: { resourceVersion: String(version) }, items }));
  }, place);
  const tell = (service: string | null, event: Record<string, unknown>) => {
    for (const [response, of] of watches) {
      if (service === null || of === service) response.write(`${JSON.stringify(event)}\n`);
    }
  };
  const cluster: TestCluster = {
    ...upstream,
    slices: new Map(),
    fault: null,
    token: null,
    put: (service, slice) => {
      const { name } = slice['metadata'] as { name: string };
      const slices = cluster.slices.get(service) ?? new Map<string, Record<string, unknown>>();
      const type = slices.has(name) ? 'MODIFIED' : 'ADDED';
      cluster.slices.set(service, slices.set(name, slice));
      version++;
      tell(service, { type, object: { ...slice, metadata: { name, resourceVersion: String(version) } } });
    },
    remove: (service, name) => {
      cluster.slices.get(service)?.delete(name);
      version++;
      tell(service, { type: 'DELETED', object: { metadata: { name, resourceVersion: String(version) } } });
    },
    expire: () => tell(null, { type: 'ERROR', object: { code: 410 } }),
  };
  return cluster;
}

function isRefused(wanted: string | null, said: string | string[] | undefined, response: ServerResponse): boolean {
  if (wanted === null || said === wanted) return false;
  response.writeHead(401).end();
  return true;
}

function misbehave(fault: RegistryFault, response: ServerResponse): boolean {
  switch (fault) {
    case null:
      return false;
    case 'silent':
      return true;
    case 'nonsense':
      response.end('<html>');
      return true;
    case 'status':
      response.writeHead(500).end();
      return true;
    case 'endless': {
      const more = () => {
        if (!response.destroyed) response.write('['.repeat(100_000), more);
      };
      more();
      return true;
    }
  }
}
