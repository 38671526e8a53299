import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { UsageRow } from '@tollgate/contracts/dataplane';
import type { GatewayResource } from '@tollgate/contracts/gateway';
import { onTestFinished } from 'vitest';
import { createEngine, type Engine, type EngineOptions } from '../../engine.ts';
import { type NoiseReason, silentMetrics } from '../../metrics.ts';
import { resource } from '../../testing/index.ts';

/** An engine for streams, and what it has called noise. */
export interface StreamScene {
  readonly engine: Engine;
  readonly noise: NoiseReason[];
}

/** Starts an engine with these resources, for as long as the test runs. */
export async function startStreamEngine(
  resources: readonly GatewayResource[],
  options: Partial<EngineOptions> = {},
): Promise<StreamScene> {
  const noise: NoiseReason[] = [];
  const metrics = { ...silentMetrics, noise: (reason: NoiseReason) => void noise.push(reason) };
  const engine = await createEngine({ policies: [], metrics, ...options });
  onTestFinished(() => engine.close({ withinMs: 0 }));
  put(engine, ...resources);
  return { engine, noise };
}

/** Puts resources into the group of the test; throws with the faults when they are refused. */
export function put(engine: Engine, ...resources: readonly GatewayResource[]): void {
  const settings = resource('group_settings', 'settings', { tenantId: 't1', hosts: ['api.test'] });
  const result = engine.apply('g1', 'revision', { put: [settings, ...resources] });
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
}

/** A stream route to one node. */
export function streamTo(address: string, id = 's1', more: Record<string, unknown> = {}): GatewayResource {
  return resource('stream_route', id, { upstream: { nodes: { [address]: 1 } }, ...more });
}

/** Starts a TCP server, for as long as the test runs; by default it sends back what it gets, and its end. */
export async function startServer(serve: (socket: Socket) => void = (socket) => socket.pipe(socket)): Promise<string> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What comes on a socket until it is closed. */
export async function everything(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks).toString();
}

/** What comes back for one thing said, with the end of what is said passed on. */
export async function say(port: number, text: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.end(text);
  return everything(socket);
}

/** What was counted since the last time, without its minute. */
export function counted(
  engine: Engine,
): Pick<UsageRow, 'routeId' | 'status' | 'calls' | 'billable' | 'bytesIn' | 'bytesOut'>[] {
  return engine.drainLedger().map(({ routeId, status, calls, billable, bytesIn, bytesOut }) => ({
    routeId,
    status,
    calls,
    billable,
    bytesIn,
    bytesOut,
  }));
}
