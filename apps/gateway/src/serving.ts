import { AddressSet, createEngine, type Engine, type EngineMetrics, refusePrivateAddresses } from '@tollgate/engine';
import { policies } from '@tollgate/policies';
import type { GatewayConfig } from './config.ts';
import { createSelfSigned } from './identity/key-material.ts';

/** The engine and where it listens. */
export interface Serving {
  readonly engine: Engine;
  readonly urls: { readonly http: string; readonly https: string };
}

/** Makes an engine for one tenant's groups, or (`isShared`) for those of many, and lets it listen. */
export async function startServing(config: GatewayConfig, isShared: boolean, metrics: EngineMetrics): Promise<Serving> {
  const engine = await createEngine({
    policies,
    isShared,
    metrics,
    sockets: config.GATEWAY_SOCKETS,
    limits: {
      connections: config.GATEWAY_CONNECTIONS,
      connectionsPerClient: config.GATEWAY_CONNECTIONS_PER_CLIENT,
      connectionsPerTenant: config.GATEWAY_CONNECTIONS_PER_TENANT,
    },
    docsUrl: config.GATEWAY_ERROR_DOCS_URL,
    ...(isShared ? { guard: refusePrivateAddresses(config.GATEWAY_ALLOWED_PRIVATE_RANGES) } : {}),
  });
  const host = config.GATEWAY_HOST;
  const rules = {
    host,
    ...(config.GATEWAY_PROXY_PROTOCOL === 'on' ? { proxies: new AddressSet(config.GATEWAY_PROXY_PROTOCOL_FROM) } : {}),
  };
  const http = await engine.listenHttp({ ...rules, port: config.GATEWAY_HTTP_PORT });
  const defaultCertificate = await createSelfSigned(config.GATEWAY_DEFAULT_HOST);
  const https = await engine.listenHttps({ ...rules, port: config.GATEWAY_HTTPS_PORT, defaultCertificate });
  for (const port of config.GATEWAY_STREAM_TCP_PORTS) await engine.listenStream('tcp', { host, port });
  for (const port of config.GATEWAY_STREAM_TLS_PORTS) await engine.listenStream('tls', { host, port });
  for (const port of config.GATEWAY_STREAM_UDP_PORTS) await engine.listenStream('udp', { host, port });
  return { engine, urls: { http: urlOf('http', host, http.port), https: urlOf('https', host, https.port) } };
}

function urlOf(scheme: string, host: string, port: number): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
