import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { usageBatchAccepted } from '@tollgate/contracts/events';
import type { DataPlane, GatewayGroup } from '@tollgate/contracts/rest/gateway';
import { EVENT_BUS, type EventBus } from '@tollgate/messaging';
import { eventually } from '@tollgate/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject } from 'vitest';
import { z } from 'zod';
import { type RunningGatewayManager, startGatewayManager } from '../../testing/start-gateway-manager.ts';
import { type DataPlaneProcess, startDataPlane } from './data-plane-process.ts';
import { type LinkScene, manyEnrolments, setScene } from './link-scene.ts';

const intervalMs = 300;
/** How long each thing that is waited for may take. */
export const withinMs = 15_000;
/** A test starts up to three processes and waits for several things, each within its time. */
export const timeout = 90_000;

const usageEvent = z.object({ data: usageBatchAccepted.schema });

/**
 * A gateway-manager and an upstream for a file of tests; for each test a tenant with a self-hosted group, a state folder, and real data
 * planes, which are gone after it.
 */
export function dataPlaneScene() {
  let manager: RunningGatewayManager;
  let upstream: Server;
  let scene: LinkScene;
  let stateDir: string;
  const started: DataPlaneProcess[] = [];

  beforeAll(async () => {
    manager = await startGatewayManager(inject('databaseUrl'), {
      ...manyEnrolments,
      LINK_HEARTBEAT_INTERVAL_MS: String(intervalMs),
    });
    upstream = createServer((_request, response) => response.end('ok'));
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await new Promise((resolve) => upstream.close(resolve));
    await manager.close();
  });
  beforeEach(async () => {
    scene = await setScene(manager);
    stateDir = await mkdtemp(join(tmpdir(), 'tollgate-dp-'));
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((plane) => plane.end('SIGKILL')));
    await rm(stateDir, { recursive: true });
  });

  async function start(env: Record<string, string> = {}): Promise<DataPlaneProcess> {
    const plane = await startDataPlane({ TOLLGATE_LINK_URL: scene.client.url, TOLLGATE_STATE_DIR: stateDir, ...env });
    started.push(plane);
    return plane;
  }

  /** Calls of the group on the bus, each batch counted once by (instance, epoch, sequence). */
  async function callsOnBus(): Promise<number> {
    const bus = manager.service.app.get<EventBus>(EVENT_BUS, { strict: false });
    const batches = new Map<string, number>();
    for await (const record of bus.read('tollgate.usage.batch')) {
      const { instanceId, batch } = usageEvent.parse(JSON.parse(record.value)).data;
      const own = batch.rows.filter((row) => row.groupId === scene.group.id);
      batches.set(
        `${instanceId} ${batch.epoch} ${batch.sequence}`,
        own.reduce((sum, row) => sum + row.calls, 0),
      );
    }
    return [...batches.values()].reduce((sum, calls) => sum + calls, 0);
  }

  const call = async (plane: DataPlaneProcess, path: string): Promise<number> =>
    (await plane.call(scene.group.hosts[0] ?? '', path)).status;

  return {
    get manager() {
      return manager;
    },
    get tenantId() {
      return scene.tenant.tenantId;
    },
    get group() {
      return scene.group;
    },
    /** Where the data planes of the test keep what they know; started again, one is the same as before. */
    get stateDir() {
      return stateDir;
    },
    /** A new enrolment token. */
    token: async () => (await scene.createToken()).token,
    start,
    enrolAndStart: async (env: Record<string, string> = {}) =>
      start({ TOLLGATE_ENROL_TOKEN: (await scene.createToken()).token, ...env }),
    ready: (plane: DataPlaneProcess) =>
      eventually(async () => expect(await plane.isReady(), plane.log.at(-1)).toBe(true), { withinMs }),
    /** Status of a call for the group's host. */
    call,
    /** Waits until such calls are answered 200. */
    serves: (plane: DataPlaneProcess, path = '/all') =>
      eventually(async () => expect(await call(plane, path)).toBe(200), { withinMs }),
    /** Puts a route that answers 200 in force; resolves to the revision. */
    async publishRoute(id = 'all'): Promise<number> {
      const { tenantId } = scene.tenant;
      const path = `/api/v1/gateway-groups/${scene.group.id}`;
      const { port } = upstream.address() as AddressInfo;
      const value = { uri: `/${id}`, upstream: { nodes: { [`127.0.0.1:${port}`]: 1 } } };
      const put = await manager.request(`${path}/routes/${id}`, { tenantId, method: 'PUT', body: { value } });
      expect(put.status, JSON.stringify(put.body)).toBe(200);
      const { revision: baseRevision } = (await manager.request<GatewayGroup>(path, { tenantId })).body;
      const published = await manager.request(`${path}/publish`, { tenantId, body: { baseRevision } });
      expect(published.status, JSON.stringify(published.body)).toBe(200);
      return baseRevision + 1;
    },
    /** What the control plane tells of a data plane. */
    async read(plane: DataPlaneProcess): Promise<DataPlane> {
      const path = `/api/v1/data-planes/${(await plane.status()).dataPlaneId}`;
      return (await manager.request<DataPlane>(path, { tenantId: scene.tenant.tenantId })).body;
    },
    /** Drains, resumes or revokes it. */
    async act(plane: DataPlaneProcess, verb: 'drain' | 'resume' | 'revoke') {
      const path = `/api/v1/data-planes/${(await plane.status()).dataPlaneId}/${verb}`;
      await manager.request(path, { tenantId: scene.tenant.tenantId, method: 'POST' });
    },
    callsOnBus,
    /** Waits until every call that the data plane has counted is on the bus; resolves to their number. */
    allOnBus: (plane: DataPlaneProcess) =>
      eventually(
        async () => {
          const counted = (await plane.status()).engine?.callsCounted;
          const onBus = await callsOnBus();
          expect(onBus).toBe(counted);
          return onBus;
        },
        { withinMs },
      ),
  };
}
