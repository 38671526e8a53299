import type { Bench } from './bench.ts';
import { contest, type Contestant, cpuRatio, orientation } from './load/contest.ts';
import { Ground } from './load/ground.ts';
import { startGateway } from './targets/gateway.ts';
import { startHaproxy } from './targets/haproxy.ts';
import { startNginx } from './targets/nginx.ts';
import { startNodePeer } from './targets/node-peer.ts';
import type { Target } from './targets/target.ts';

const probe = { path: '/hello' };

/** Plain proxying of 1 KB answers over 64 connections: CPU per request against nginx, HAProxy and Node's gateways. */
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
      ...orientation(Object.keys(contestants) as (keyof typeof contestants)[], rounds),
    };
  });
