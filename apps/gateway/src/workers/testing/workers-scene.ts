import { Agent, type ClientRequest, createServer, request, type Server } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { MessagePort, Worker } from 'node:worker_threads';
import type { UsageRow } from '@tollgate/contracts/dataplane';
import type { GatewayResource } from '@tollgate/contracts/gateway';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { loadGatewayConfig } from '../../config.ts';
import { createPlane, startServing } from '../../serving.ts';
import { CallMetrics } from '../../status/call-metrics.ts';
import type { DataPlane } from '../data-plane.ts';
import type { WorkerStart } from '../messages.ts';
import { spawnWorker } from '../worker-pool.ts';

/** The group that is served, for the host `api.test`. */
export const groupId = 'g1';

/** Workers, their threads in the order in which they were started, and what they have handed over. */
export interface Scene {
  readonly plane: DataPlane;
  readonly port: number;
  readonly tlsPort: number;
  readonly threads: Worker[];
  readonly rows: UsageRow[];
  readonly states: () => string[];
}

/** An upstream that says hello; what asks for `/slow` waits until it is released. */
export interface SlowUpstream {
  readonly waiting: (() => void)[];
  /** A route whose path is its id, to this upstream. */
  route(id: string, more?: Record<string, unknown>): GatewayResource;
  stop(): Promise<void>;
}

export async function startUpstream(): Promise<SlowUpstream> {
  const waiting: (() => void)[] = [];
  const server: Server = createServer((incoming, response) => {
    if (incoming.url === '/slow') waiting.push(() => response.end('done'));
    else response.end('hello');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const nodes = { [`127.0.0.1:${(server.address() as AddressInfo).port}`]: 1 };
  return {
    waiting,
    route: (id, more = {}) => ({ kind: 'route', id, value: { uri: `/${id}`, upstream: { nodes }, ...more } }),
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Generous: other suites run beside this one. */
export const withinMs = 20_000;

/** Starts workers that serve the group with these resources, for as long as the test runs. */
export async function startWorkers(
  workers: number,
  resources: readonly GatewayResource[],
  spawn: (start: WorkerStart, index: number) => Worker = spawnWorker,
): Promise<Scene> {
  const env = { GATEWAY_WORKERS: String(workers), GATEWAY_HTTP_PORT: '0', GATEWAY_HTTPS_PORT: '0', DRAIN_MS: '5000' };
  const threads: Worker[] = [];
  const rows: UsageRow[] = [];
  const config = loadGatewayConfig(['--config', 'unused'], env);
  const plane = await createPlane(config, {
    isShared: false,
    metrics: new CallMetrics(),
    logger: pino({ level: 'silent' }),
    connectUsage: (workerId, port: MessagePort) =>
      port.on('message', (more: UsageRow[]) => {
        rows.push(...more);
        plane.usageReceived(workerId, more);
      }),
    spawn: (start) => {
      const thread = spawn(start, threads.length);
      threads.push(thread);
      return thread;
    },
  });
  const { urls } = await startServing(plane, config.GATEWAY_HOST);
  const settings = { tenantId: 'tnt_1', hosts: ['api.test'] };
  onTestFinished(() => plane.close(0));
  const put: GatewayResource[] = [{ kind: 'group_settings', id: 'settings', value: settings }, ...resources];
  const result = await plane.apply(groupId, 'revision', { isSnapshot: true, put });
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return {
    plane,
    port: Number(new URL(urls.http).port),
    tlsPort: Number(new URL(urls.https).port),
    threads,
    rows,
    states: () => plane.status().workers.map(({ state }) => state),
  };
}

/** A new connection was reset before anything was answered on it: the kernel had given it to a socket that was closed. */
class TurnedAway extends Error {}

/** Calls on a connection of its own, or on that of the agent; resolves to the status. */
export function call(port: number, path: string, agent: Agent | false = false): Promise<number> {
  return finish(request({ ...aim, port, path, agent }));
}

/** Calls over TLS, on a connection of its own. */
function callOverTls(port: number, path: string): Promise<number> {
  const tls = { rejectUnauthorized: false, servername: 'api.test' };
  return finish(tlsRequest({ ...aim, ...tls, port, path, agent: false }));
}

const aim = { host: '127.0.0.1', headers: { host: 'api.test' } };

function finish(outgoing: ClientRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    outgoing
      .once('response', (response) => {
        response
          .resume()
          .once('error', reject)
          .once('end', () => resolve(response.statusCode ?? 0));
      })
      .once('error', (cause: NodeJS.ErrnoException) => {
        const isNew = cause.code === 'ECONNRESET' && !outgoing.reusedSocket;
        reject(isNew ? new TurnedAway(cause.message, { cause }) : cause);
      })
      .end();
  });
}

/** Calls at the same time, each on a connection of its own. */
export function callAtOnce(count: number, port: number, path: string): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, () => call(port, path)));
}

/** Who calls: on a connection that they keep, or on a new one every time, over TLS where there is a port for it. */
export interface Clients {
  readonly keeping: number;
  readonly visiting: number;
  readonly tlsPort?: number;
}

/** Clients that call one after the other until they are stopped. */
export function traffic(port: number, path: string, { keeping, visiting, tlsPort }: Clients) {
  const tally = { made: 0, failed: 0, turnedAway: 0, other: 0 };
  let isOver = false;
  const client = async (callOnce: () => Promise<number>) => {
    while (!isOver) {
      await callOnce().then(
        (status) => (tally.other += status === 200 ? 0 : 1),
        (cause: unknown) => (cause instanceof TurnedAway ? tally.turnedAway++ : tally.failed++),
      );
      tally.made++;
    }
  };
  const agents = Array.from({ length: keeping }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  const running = [
    ...agents.map((agent) => client(() => call(port, path, agent))),
    ...Array.from({ length: visiting }, () => client(() => call(port, path))),
    ...(tlsPort === undefined ? [] : [client(() => callOverTls(tlsPort, path))]),
  ];
  return {
    tally,
    async stop() {
      isOver = true;
      await Promise.all(running);
      for (const agent of agents) agent.destroy();
    },
  };
}
