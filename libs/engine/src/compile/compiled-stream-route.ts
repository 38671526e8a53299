import type { StreamRoute, Upstream } from '@tollgate/contracts/gateway';
import { AddressSet } from '../matching/address-set.ts';
import type { UpstreamPool } from '../upstream/upstream-pool.ts';

/** How clients of a port are reached: over TCP (with or without TLS), or by datagrams. */
export type Transport = 'tcp' | 'udp';

/** A stream route ready for connections. What is null takes everything. */
export interface CompiledStreamRoute {
  readonly id: string;
  readonly serverPort: number | null;
  readonly serverAddresses: AddressSet | null;
  readonly clients: AddressSet | null;
  /** Lower-case, exact or `*.example.com`. */
  readonly serverName: string | null;
  readonly transport: Transport | null;
  readonly upstream: UpstreamPool;
}

/** An upstream for streams. */
export interface StreamUpstream {
  readonly pool: UpstreamPool;
  readonly transport: Transport | null;
}

/** Schemes that only streams can use. */
export function isStreamScheme(scheme: Upstream['scheme']): boolean {
  return scheme === 'tcp' || scheme === 'tls' || scheme === 'udp';
}

/** Prepares an upstream for streams. Throws an Error with a reason for people when streams cannot use it. */
export function compileStreamUpstream(
  upstream: Upstream,
  createPool: (upstream: Upstream) => UpstreamPool,
): StreamUpstream {
  const { scheme, nodes = [] } = upstream;
  // "http" is what stands where nothing was written.
  if (!isStreamScheme(scheme) && scheme !== 'http')
    throw new Error(`scheme "${scheme}" is not one of tcp, tls and udp`);
  const withoutPort = nodes.find(({ port }) => port === undefined);
  if (withoutPort !== undefined) throw new Error(`node ${withoutPort.host} needs a port`);
  const pool = createPool({ ...upstream, scheme: scheme === 'tls' ? 'https' : 'http' });
  return { pool, transport: scheme === 'udp' ? 'udp' : scheme === 'http' ? null : 'tcp' };
}

/** Compiles a stream route. Throws an Error with a reason for people when it cannot be served as it is written. */
export function compileStreamRoute(id: string, route: StreamRoute, upstream: StreamUpstream): CompiledStreamRoute {
  if (Object.keys(route.plugins ?? {}).length > 0) throw new Error('policies are not supported on stream routes');
  if (route.protocol !== undefined) throw new Error('protocol is not supported: streams are passed on as they are');
  const { transport, pool } = upstream;
  if (transport === 'udp' && route.sni !== undefined) throw new Error('UDP has no sni');
  return {
    id,
    serverPort: route.server_port ?? null,
    serverAddresses: route.server_addr === undefined ? null : new AddressSet([route.server_addr]),
    clients: route.remote_addr === undefined ? null : new AddressSet([route.remote_addr]),
    serverName: route.sni ?? null,
    transport: route.sni === undefined ? transport : 'tcp',
    upstream: pool,
  };
}
