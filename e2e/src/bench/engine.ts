import type { Bench } from './bench.ts';
import { contest, type Contestant, cpuRatio, orientation } from './load/contest.ts';
import { Ground } from './load/ground.ts';
import { startGateway } from './targets/gateway.ts';
import { startHaproxy } from './targets/haproxy.ts';
import { startNginx } from './targets/nginx.ts';
import { startNodePeer } from './targets/node-peer.ts';
import type { Target } from './targets/target.ts';

const probe = { path: '/hello' };

/** What the gateway tells upstreams of the client, which plain nginx leaves out. */
const forwardedFields = `
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Port $server_port;
      proxy_set_header X-Request-Id $request_id;
      add_header X-Request-Id $request_id;`;

/**
 * Plain proxying of 1 KB answers over 64 connections: CPU per request against nginx, HAProxy and Node's gateways. For orientation also nginx that
 * writes the same fields as the gateway, and a relay that does nothing but read and write in this runtime.
 */
export const engine: Bench = (options) =>
  Ground.prepare(options, ['nginx', 'haproxy'], async (ground) => {
    const requests = await ground.requests('plain', [probe]);
    const common = { ...ground.place, probe };
    const group = { routes: [{ id: 'all', uri: '/*', upstream_id: 'backend' }] };
    const enter = async (starting: Promise<Target>): Promise<Contestant> => {
      const { pid, port } = await ground.start(starting);
      return { pid, drive: ground.closedLoop(port, requests) };
    };
    const contestants = {
      gateway: await enter(startGateway({ ...common, name: 'gateway', group })),
      nginx: await enter(startNginx({ ...common, name: 'nginx' })),
      nginxForwarding: await enter(
        startNginx({ ...common, name: 'nginx-forwarding', additions: { location: forwardedFields } }),
      ),
      relay: await enter(startNodePeer({ ...common, peer: 'relay' })),
      haproxy: await enter(startHaproxy(common)),
      fastGateway: await enter(startNodePeer({ ...common, peer: 'fast-gateway' })),
      fastifyHttpProxy: await enter(startNodePeer({ ...common, peer: 'fastify-http-proxy' })),
      httpProxy: await enter(startNodePeer({ ...common, peer: 'http-proxy' })),
      nodeHttpUndici: await enter(startNodePeer({ ...common, peer: 'node-http-undici' })),
    };
    const rounds = await contest(contestants, { load: ground.load, options });
    const to = (peer: keyof typeof contestants) => cpuRatio(rounds, { of: 'gateway', to: peer, smoke: options.smoke });
    return {
      cpuToNginxRatio: to('nginx'),
      cpuToFastGatewayRatio: to('fastGateway'),
      cpuToFastifyHttpProxyRatio: to('fastifyHttpProxy'),
      cpuToHttpProxyRatio: to('httpProxy'),
      cpuToNodeHttpUndiciRatio: to('nodeHttpUndici'),
      cpuToHaproxyRatio: to('haproxy'),
      cpuToNginxForwardingRatio: to('nginxForwarding'),
      cpuToRelayRatio: to('relay'),
      ...orientation(Object.keys(contestants) as (keyof typeof contestants)[], rounds),
    };
  });
