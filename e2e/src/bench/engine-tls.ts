import type { Bench, Figures } from './bench.ts';
import { contest, type Contestant, cpuRatio, orientation } from './load/contest.ts';
import { connections, Ground } from './load/ground.ts';
import { runH2load } from './load/h2load.ts';
import { benchHost } from './load/requests.ts';
import { runWrk } from './load/wrk.ts';
import { createCertificate } from './targets/certificate.ts';
import { startGateway } from './targets/gateway.ts';
import { startNginx } from './targets/nginx.ts';
import { startNodePeer } from './targets/node-peer.ts';

const probe = { path: '/hello' };

interface TlsTarget {
  readonly pid: number;
  readonly tlsPort: number;
}

const urlOf = ({ tlsPort }: TlsTarget): string => `https://${benchHost}:${tlsPort}${probe.path}`;

const overHttp1 = (target: TlsTarget): Contestant => ({
  pid: target.pid,
  drive: async (seconds) => {
    await runWrk(urlOf(target), { seconds, connections });
    return {};
  },
});

const overHttp2 = (target: TlsTarget): Contestant => ({
  pid: target.pid,
  drive: async (seconds) => {
    await runH2load(urlOf(target), { seconds, connections });
    return {};
  },
});

/** The same as `engine` over TLS 1.3: HTTP/1.1, and HTTP/2 with one request at a time on each connection. */
export const engineTls: Bench = (options) =>
  Ground.prepare(options, ['nginx', 'wrk', 'h2load'], async (ground) => {
    const common = { ...ground.place, probe, keyPair: await createCertificate() };
    const group = { routes: [{ id: 'all', uri: '/*', upstream_id: 'backend' }] };
    const gateway = await ground.start(startGateway({ ...common, name: 'gateway', group }));
    const nginx = await ground.start(startNginx({ ...common, name: 'nginx' }));
    const node = await ground.start(startNodePeer({ ...common, peer: 'node-http2-undici' }));
    const { load } = ground;
    const { smoke } = options;

    const http1 = { http1Gateway: overHttp1(gateway), http1Nginx: overHttp1(nginx) };
    const http1Rounds = await contest(http1, { load, options });
    const figures: Figures = {
      http1CpuToNginxRatio: cpuRatio(http1Rounds, { of: 'http1Gateway', to: 'http1Nginx', smoke }),
    };
    const http1Orientation = orientation(['http1Gateway', 'http1Nginx'], http1Rounds);

    const http2 = { http2Gateway: overHttp2(gateway), http2Nginx: overHttp2(nginx), http2Node: overHttp2(node) };
    const rounds = await contest(http2, { load, options });
    return {
      ...figures,
      http2CpuToNginxRatio: cpuRatio(rounds, { of: 'http2Gateway', to: 'http2Nginx', smoke }),
      http2CpuToNodeRatio: cpuRatio(rounds, { of: 'http2Gateway', to: 'http2Node', smoke }),
      ...http1Orientation,
      ...orientation(['http2Gateway', 'http2Nginx', 'http2Node'], rounds),
    };
  });
