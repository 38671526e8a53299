import type { Bench } from './bench.ts';
import { Ground } from './load/ground.ts';
import { describeLoop, openLoop, type OpenLoopResult, refuseLateGenerator } from './load/open-loop.ts';
import { leastPairs, measureRounds, medianOf } from './load/pairs.ts';
import { checkPolicies } from './policy-check.ts';
import { keyedRoutes, probeOf } from './policy-set.ts';
import { startGateway } from './targets/gateway.ts';
import { startNginx } from './targets/nginx.ts';
import { startNodePeer } from './targets/node-peer.ts';

/**
 * An open loop of 5,000 requests a second against the gateway with the policies of `policies`, and against plain nginx. For orientation also
 * against a relay that does nothing but read and write in this runtime.
 */
export const latency: Bench = (options) =>
  Ground.prepare(options, ['nginx'], async (ground) => {
    const { smoke, say } = options;
    const probe = probeOf(keyedRoutes);
    const requests = await ground.requests('keyed', keyedRoutes.requests);
    const common = { ...ground.place, probe };
    const targets = {
      gateway: await ground.start(startGateway({ ...common, name: 'gateway', group: keyedRoutes.group })),
      nginx: await ground.start(startNginx({ ...common, name: 'nginx' })),
      relay: await ground.start(startNodePeer({ ...common, peer: 'relay' })),
    };
    await checkPolicies('gateway', targets.gateway.port, keyedRoutes);
    const names = ['gateway', 'nginx', 'relay'] as const;
    if (!smoke) for (const name of names) await ground.closedLoop(targets[name].port, requests)(5);
    const rounds = await measureRounds(names, smoke ? 1 : 6, async (name, round) => {
      const loop = await openLoop(ground.load, { port: targets[name].port, requests, seconds: smoke ? 0.5 : 10 });
      say(`${round + 1} ${name}: ${describeLoop(loop)}`);
      return loop;
    });
    if (!smoke) refuseLateGenerator(rounds.flatMap(({ gateway, nginx }) => [gateway.lateShare, nginx.lateShare]));
    const least = smoke ? 1 : leastPairs;
    const paired = (valueOf: (pair: (typeof rounds)[number]) => number) => medianOf(rounds, valueOf, least);
    const of = (name: (typeof names)[number], valueOf: (loop: OpenLoopResult) => number) =>
      paired((pair) => valueOf(pair[name]));
    return {
      p50ToNginxRatio: paired(({ gateway, nginx }) => gateway.p50Ms / nginx.p50Ms),
      p50OverNginxMs: paired(({ gateway, nginx }) => gateway.p50Ms - nginx.p50Ms),
      p99ToNginxRatio: paired(({ gateway, nginx }) => gateway.p99Ms / nginx.p99Ms),
      p99OverNginxMs: paired(({ gateway, nginx }) => gateway.p99Ms - nginx.p99Ms),
      gatewayP50Ms: of('gateway', ({ p50Ms }) => p50Ms),
      gatewayP99Ms: of('gateway', ({ p99Ms }) => p99Ms),
      gatewayUnfinished: of('gateway', ({ unfinished }) => unfinished),
      nginxP50Ms: of('nginx', ({ p50Ms }) => p50Ms),
      nginxP99Ms: of('nginx', ({ p99Ms }) => p99Ms),
      relayP99OverNginxMs: paired(({ relay, nginx }) => relay.p99Ms - nginx.p99Ms),
      relayP50Ms: of('relay', ({ p50Ms }) => p50Ms),
      relayP99Ms: of('relay', ({ p99Ms }) => p99Ms),
    };
  });
