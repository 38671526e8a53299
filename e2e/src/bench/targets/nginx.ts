import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '@tollgate/embedded';
import { pathOf } from '../load/commands.ts';
import type { BenchRequest } from '../load/requests.ts';
import type { KeyPair } from './certificate.ts';
import { startTarget, type Target } from './target.ts';

/** What a peer's configuration adds to plain proxying. */
export interface NginxAdditions {
  /** Modules to load, by path. */
  readonly modules?: readonly string[];
  /** Directives of the `http` block. */
  readonly http?: string;
  /** Directives of every `location`. */
  readonly location?: string;
  /** Prefixes that have a `location` each; one for everything when there are none. */
  readonly prefixes?: readonly string[];
}

/** An nginx, with a port for TLS when it was given a certificate. */
export interface NginxTarget extends Target {
  readonly tlsPort: number;
}

/** Starts nginx with one worker, connections kept alive on both sides and no access log. */
export async function startNginx(options: {
  readonly name: string;
  readonly folder: string;
  readonly upstreamPort: number;
  readonly probe: BenchRequest;
  readonly additions?: NginxAdditions;
  /** Serve TLS 1.3 as well, HTTP/2 included. */
  readonly keyPair?: KeyPair;
}): Promise<NginxTarget> {
  const { name, upstreamPort, probe, additions, keyPair } = options;
  const folder = join(options.folder, name);
  await mkdir(folder, { recursive: true });
  const [port, tlsPort] = [await findFreePort(), await findFreePort()];
  const tls = keyPair === undefined ? '' : tlsDirectives(tlsPort);
  if (keyPair !== undefined) {
    await writeFile(join(folder, 'cert.pem'), keyPair.cert);
    await writeFile(join(folder, 'key.pem'), keyPair.key, { mode: 0o600 });
  }
  await writeFile(join(folder, 'nginx.conf'), nginxConfiguration({ port, upstreamPort, tls, additions }));
  const args = ['-p', folder, '-e', 'error.log', '-c', 'nginx.conf'];
  return { ...(await startTarget({ name, command: pathOf('nginx'), args, folder, port, probe })), tlsPort };
}

function tlsDirectives(tlsPort: number): string {
  return `
    listen 127.0.0.1:${tlsPort} ssl http2;
    ssl_protocols TLSv1.3;
    ssl_certificate cert.pem;
    ssl_certificate_key key.pem;`;
}

function nginxConfiguration({
  port,
  upstreamPort,
  tls,
  additions: { modules = [], http = '', location = '', prefixes = ['/'] } = {},
}: {
  port: number;
  upstreamPort: number;
  tls: string;
  additions: NginxAdditions | undefined;
}): string {
  return `
${modules.map((module) => `load_module ${module};`).join('\n')}
daemon off;
worker_processes 1;
pid nginx.pid;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  keepalive_timeout 1h;
  keepalive_requests 1000000000;
  ${http}
  upstream backend {
    server 127.0.0.1:${upstreamPort};
    keepalive 256;
    keepalive_timeout 1h;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:${port};${tls}
${prefixes.map((prefix) => locationOf(prefix, location)).join('')}  }
}
`;
}

function locationOf(prefix: string, directives: string): string {
  return `
    location ${prefix} {
      ${directives}
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_pass http://backend;
    }
`;
}
