import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { findFreePort, launchServer, requireCommand, tailOfLog } from '@tollgate/embedded';
import { RawUpstream } from '../../http/raw-upstream.ts';
import { startStandAloneGateway } from '../../support/stand-alone-gateway.ts';

/** A proxy with a recording upstream of its own behind it. */
export interface Front {
  readonly name: 'gateway' | 'nginx' | 'haproxy';
  readonly port: number;
  readonly upstream: RawUpstream;
  readonly isAlive: () => boolean;
  /** The last lines that it has logged. */
  readonly lastLog: () => string;
  readonly stop: () => Promise<void>;
}

/** What starting a front needs. */
export interface FrontOptions {
  readonly folder: string;
  readonly say: (line: string) => void;
}

/** Host that every front serves. */
export const diffHost = 'diff.test';

/** Our gateway, as shipped. */
export async function startGatewayFront({ folder }: FrontOptions): Promise<Front> {
  const upstream = await RawUpstream.start();
  const { GATEWAY_SOCKETS: sockets } = process.env;
  const gateway = await startStandAloneGateway({
    file: {
      groups: [
        {
          id: 'diff',
          settings: { hosts: [diffHost] },
          upstreams: [{ id: 'recording', nodes: { [`127.0.0.1:${upstream.port}`]: 1 } }],
          routes: [{ id: 'all', uri: '/*', upstream_id: 'recording' }],
        },
      ],
    },
    folder,
    env: { LOG_LEVEL: 'warn', ...(sockets === undefined ? {} : { GATEWAY_SOCKETS: sockets }) },
  });
  return {
    name: 'gateway',
    port: Number(new URL(gateway.httpUrl).port),
    upstream,
    isAlive: gateway.isAlive,
    lastLog: () => tailOfLog(join(folder, 'gateway.log')),
    stop: async () => {
      await gateway.kill();
      await upstream.stop();
    },
  };
}

/** nginx of Debian with its defaults for parsing. */
export function startNginxFront(options: FrontOptions): Promise<Front> {
  return startPeer('nginx', options, (file) => ['-p', options.folder, '-c', file, '-g', 'daemon off;'], nginxFile);
}

/** haproxy of Debian with its defaults for parsing. */
export function startHaproxyFront(options: FrontOptions): Promise<Front> {
  return startPeer('haproxy', options, (file) => ['-db', '-f', file], haproxyFile);
}

interface PeerFile {
  readonly port: number;
  readonly upstreamPort: number;
  readonly folder: string;
}

async function startPeer(
  name: 'nginx' | 'haproxy',
  { folder, say }: FrontOptions,
  argsFor: (file: string) => string[],
  contentFor: (peer: PeerFile) => string,
): Promise<Front> {
  const command = requireCommand({ command: name, debianPackage: name }, say);
  const upstream = await RawUpstream.start();
  const port = await findFreePort();
  const file = join(folder, `${name}.conf`);
  await writeFile(file, contentFor({ port, upstreamPort: upstream.port, folder }));
  let isAlive = true;
  const server = await launchServer({
    name,
    command,
    args: argsFor(file),
    logFile: join(folder, `${name}.log`),
    pidFile: join(folder, `${name}.started.pid`),
    stopSignal: 'SIGTERM',
    isReady: () => isListening(port),
    readyWithinMs: 15_000,
  });
  void server.exited.then(() => (isAlive = false));
  return {
    name,
    port,
    upstream,
    isAlive: () => isAlive,
    lastLog: () => tailOfLog(join(folder, `${name}.log`)),
    stop: async () => {
      await server.stop();
      await upstream.stop();
    },
  };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

const nginxFile = ({ port, upstreamPort, folder }: PeerFile): string => `
pid ${folder}/nginx.pid;
error_log ${folder}/nginx-error.log crit;
master_process off;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  client_max_body_size 0;
  upstream recording { server 127.0.0.1:${upstreamPort}; keepalive 32; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://recording;
      proxy_http_version 1.1;
      proxy_request_buffering off;
      proxy_next_upstream off;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Real-IP $remote_addr;
    }
  }
}
`;

const haproxyFile = ({ port, upstreamPort }: PeerFile): string => `
global
  maxconn 4000
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  timeout http-request 30s
frontend clients
  bind 127.0.0.1:${port}
  default_backend recording
backend recording
  http-request set-header X-Real-IP %[src]
  server recording 127.0.0.1:${upstreamPort}
`;
