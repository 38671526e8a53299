import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { availableParallelism } from 'node:os';
import { createProber } from '@tollgate/engine';
import type { Logger } from 'pino';
import type { GatewayConfig } from './config.ts';
import { createSelfSigned } from './identity/key-material.ts';
import type { CallMetrics } from './status/call-metrics.ts';
import { guardOf, upstreamOptions } from './upstream-options.ts';
import { DataPlane, type DataPlaneOptions } from './workers/data-plane.ts';
import type { ServingOptions } from './workers/messages.ts';

/** The workers and where they listen. */
export interface Serving {
  readonly plane: DataPlane;
  readonly urls: { readonly http: string; readonly https: string };
}

/** What serving is set up with. */
export interface ServingParts extends Pick<DataPlaneOptions, 'spawn' | 'connectUsage'> {
  /** Groups of many tenants are served. */
  readonly isShared: boolean;
  readonly metrics: CallMetrics;
  readonly logger: Logger;
}

/** Workers hand usage over, and it is written, so many times in the time that a kill may cost. */
const postsPerFlush = 10;

const ticketKeyBytes = 48;

/** Makes a data plane for one tenant's groups or for those of many. Nobody reaches it yet. @throws Error when a port is taken. */
export async function createPlane(config: GatewayConfig, parts: ServingParts): Promise<DataPlane> {
  const { isShared, ...rest } = parts;
  const host = config.GATEWAY_HOST;
  const [httpPort, httpsPort] = [config.GATEWAY_HTTP_PORT, config.GATEWAY_HTTPS_PORT];
  const tcpPorts = [httpPort, httpsPort, ...config.GATEWAY_STREAM_TCP_PORTS, ...config.GATEWAY_STREAM_TLS_PORTS];
  for (const port of tcpPorts) if (port !== 0) await assertFree(host, port);
  const reusePort = await canReusePort();
  const wanted = config.GATEWAY_WORKERS ?? availableParallelism();
  if (!reusePort) rest.logger.warn('this system does not spread connections over sockets; one worker serves');
  const workers = reusePort ? wanted : 1;
  const upstreams = upstreamOptions(config);
  return new DataPlane({
    ...rest,
    workers,
    drainMs: config.DRAIN_MS,
    address: { host, httpPort, httpsPort, reusePort },
    serving: {
      sockets: config.GATEWAY_SOCKETS,
      isShared,
      allowedPrivateRanges: config.GATEWAY_ALLOWED_PRIVATE_RANGES,
      errorDocsUrl: config.GATEWAY_ERROR_DOCS_URL,
      defaultCertificate: await createSelfSigned(config.GATEWAY_DEFAULT_HOST),
      ticketKeys: randomBytes(ticketKeyBytes),
      usageEveryMs: config.USAGE_FLUSH_MS / postsPerFlush,
      limits: limitsPerWorker(config, workers),
      proxies: config.GATEWAY_PROXY_PROTOCOL === 'on' ? config.GATEWAY_PROXY_PROTOCOL_FROM : null,
      streamProxies: config.GATEWAY_STREAM_PROXY_PROTOCOL === 'on' ? config.GATEWAY_PROXY_PROTOCOL_FROM : null,
      streamPorts: {
        tcp: config.GATEWAY_STREAM_TCP_PORTS,
        tls: config.GATEWAY_STREAM_TLS_PORTS,
        udp: config.GATEWAY_STREAM_UDP_PORTS,
      },
      upstreams,
    },
    prober: await createProber({ ...upstreams, ...guardOf(isShared, config.GATEWAY_ALLOWED_PRIVATE_RANGES) }),
  });
}

/** Starts the workers and lets them listen: what there is to be served is in force by then, so that nobody is told that it does not exist. */
export async function startServing(plane: DataPlane, host: string): Promise<Serving> {
  const { http, https } = await plane.start();
  return { plane, urls: { http: urlOf('http', host, http), https: urlOf('https', host, https) } };
}

/** Each worker gets its share of the room that the data plane has: the system spreads connections over them. */
function limitsPerWorker(config: GatewayConfig, workers: number): ServingOptions['limits'] {
  const share = (room: number) => Math.ceil(room / workers);
  return {
    connections: share(config.GATEWAY_CONNECTIONS),
    connectionsPerClient: share(config.GATEWAY_CONNECTIONS_PER_CLIENT),
    connectionsPerTenant: share(config.GATEWAY_CONNECTIONS_PER_TENANT),
  };
}

/** Workers share their ports with whoever asks the system for the same, so another gateway would not be noticed by them. */
async function assertFree(host: string, port: number): Promise<void> {
  await stopServer(await listen({ host, port }));
}

/** Whether two sockets may listen on one port, and the system spreads connections over them. */
async function canReusePort(): Promise<boolean> {
  const open: Server[] = [];
  try {
    const first = await listen({ host: '127.0.0.1', port: 0, reusePort: true });
    open.push(first);
    const { port } = first.address() as AddressInfo;
    open.push(await listen({ host: '127.0.0.1', port, reusePort: true }));
    return true;
  } catch {
    return false;
  } finally {
    await Promise.all(open.map(stopServer));
  }
}

async function listen(address: { host: string; port: number; reusePort?: boolean }): Promise<Server> {
  const server = createServer();
  server.listen(address);
  await once(server, 'listening');
  return server;
}

async function stopServer(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

function urlOf(scheme: string, host: string, port: number): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
