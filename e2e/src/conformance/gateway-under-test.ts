import { RawUpstream } from '../http/raw-upstream.ts';
import { Wire } from '../http/wire.ts';
import type { GatewayProcess } from '../support/gateway-process.ts';
import { startStandAloneGateway } from '../support/stand-alone-gateway.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type CheckWorld, hosts, type Scheme } from './check.ts';

/** The shipped gateway in front of a recording upstream. */
export interface GatewayUnderTest {
  readonly upstream: RawUpstream;
  /** What a check works with; a gateway that an earlier check has brought down is started again. */
  readonly world: (scheme: Scheme, id: string) => Promise<CheckWorld>;
  /** How often it was brought down. */
  readonly deaths: () => number;
  readonly stop: () => Promise<void>;
}

const settings: Readonly<Record<keyof typeof hosts, object>> = {
  usual: {},
  small: { bodyLimitBytes: 1_000 },
  large: { bodyLimitBytes: 4 * 1024 ** 3 },
  trusting: { trustedProxies: ['127.0.0.0/8'] },
};

/** The configuration that serves {@link hosts} from one upstream. */
export function fileFor(upstreamPort: number) {
  return {
    groups: Object.entries(hosts).map(([id, host]) => ({
      id,
      settings: { hosts: [host], ...settings[id as keyof typeof hosts] },
      upstreams: [{ id: 'recording', nodes: { [`127.0.0.1:${upstreamPort}`]: 1 } }],
      routes: [{ id: 'all', uri: '/*', upstream_id: 'recording', enable_websocket: true }],
    })),
  };
}

/** A gateway that is just dying may still be a process, but takes no connection any more. */
async function isServing({ httpUrl, isAlive }: GatewayProcess): Promise<boolean> {
  const isOpen = await Wire.open({ port: Number(new URL(httpUrl).port) }).then(
    (wire) => {
      wire.destroy();
      return true;
    },
    () => false,
  );
  return isOpen && isAlive();
}

/** Starts the gateway stand-alone; `GATEWAY_SOCKETS` of this process chooses its sockets (`auto`, `raw`, `net`). */
export async function startGatewayUnderTest(): Promise<GatewayUnderTest> {
  const folder = await temporaryFolder('conformance');
  const upstream = await RawUpstream.start();
  const { GATEWAY_SOCKETS: sockets } = process.env;
  const start = (): Promise<GatewayProcess> =>
    startStandAloneGateway({
      file: fileFor(upstream.port),
      folder: folder.path,
      env: { LOG_LEVEL: 'warn', ...(sockets === undefined ? {} : { GATEWAY_SOCKETS: sockets }) },
    });
  let gateway = await start();
  let deaths = 0;
  return {
    upstream,
    world: async (scheme, id) => {
      if (!(await isServing(gateway))) {
        deaths += 1;
        await gateway.kill();
        gateway = await start();
      }
      const { httpUrl, httpsUrl, isAlive } = gateway;
      const port = Number(new URL(scheme === 'tls' ? httpsUrl : httpUrl).port);
      const open = (host: string = hosts.usual): Promise<Wire> =>
        Wire.open({ port, ...(scheme === 'tls' ? { serverName: host } : {}) });
      return { scheme, upstream, id, path: `/c/${id}`, open, isAlive };
    },
    deaths: () => deaths + (gateway.isAlive() ? 0 : 1),
    stop: async () => {
      await gateway.kill();
      await upstream.stop();
      await folder.remove();
    },
  };
}
