import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { usageBatchAccepted } from '@tollgate/contracts/events';
import type { DataPlane, GatewayGroup } from '@tollgate/contracts/rest/gateway';
import { EVENT_BUS, type EventBus } from '@tollgate/messaging';
import { REDIS } from '@tollgate/platform';
import { eventually } from '@tollgate/testing';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { type RunningGatewayManager, startGatewayManager } from '../testing/start-gateway-manager.ts';
import { type ConnectProxy, startConnectProxy } from './testing/connect-proxy.ts';
import { type DataPlaneProcess, startDataPlane } from './testing/data-plane-process.ts';
import { type LinkScene, manyEnrolments, setScene } from './testing/link-scene.ts';

const intervalMs = 300;
const withinMs = 15_000;
/** A test starts up to three processes and waits for several things, each within its time. */
const timeout = 90_000;

let manager: RunningGatewayManager;
let upstream: Server;
let scene: LinkScene;
let host: string;
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
  host = scene.group.hosts[0] ?? '';
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

const enrolAndStart = async () => start({ TOLLGATE_ENROL_TOKEN: (await scene.createToken()).token });

const ready = (plane: DataPlaneProcess) =>
  eventually(async () => expect(await plane.isReady(), plane.log.at(-1)).toBe(true), { withinMs });

/** Puts a route that answers 200 in force; resolves to the revision. */
async function publishRoute(id = 'all'): Promise<number> {
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
}

async function readDataPlane(plane: DataPlaneProcess): Promise<DataPlane> {
  const { dataPlaneId } = await plane.status();
  const path = `/api/v1/data-planes/${dataPlaneId}`;
  return (await manager.request<DataPlane>(path, { tenantId: scene.tenant.tenantId })).body;
}

const usageEvent = z.object({ data: usageBatchAccepted.schema });

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

/** Waits until every call that the data plane has counted is on the bus; resolves to their number. */
const allOnBus = (plane: DataPlaneProcess) =>
  eventually(
    async () => {
      const counted = (await plane.status()).engine?.callsCounted;
      const onBus = await callsOnBus();
      expect(onBus).toBe(counted);
      return onBus;
    },
    { withinMs },
  );

describe('a data plane', { timeout }, () => {
  it('needs nothing but link, token and state folder: it enrols, serves, acknowledges and shows online', async () => {
    const plane = await enrolAndStart();
    const revision = await publishRoute();
    await eventually(async () => expect((await plane.call(host, '/all')).status).toBe(200), { withinMs });
    await eventually(
      async () => {
        const seen = await readDataPlane(plane);
        expect(seen).toMatchObject({
          status: 'online',
          groups: [{ groupId: scene.group.id, revision, refusal: null }],
        });
        expect(Math.abs(seen.clockOffsetMs ?? Number.NaN)).toBeLessThan(1_000);
      },
      { withinMs },
    );
    const { mode } = await stat(join(stateDir, 'identity', 'identity.json'));
    expect(mode & 0o777).toBe(0o600);
  });

  it('tells its load: calls show while they are made and are gone afterwards', async () => {
    const plane = await enrolAndStart();
    await publishRoute();
    await eventually(async () => expect((await plane.call(host, '/all')).status).toBe(200), { withinMs });
    const loadOf = async () => {
      const { load } = await readDataPlane(plane);
      if (load === null) throw new Error('it has told no load yet');
      return load;
    };
    const isQuiet = async () => expect((await loadOf()).callsPerSecond).toBe(0);
    await eventually(isQuiet, { withinMs });
    let isCalling = true;
    const calling = (async () => {
      while (isCalling) await Promise.all(Array.from({ length: 10 }, () => plane.call(host, '/all')));
    })();
    try {
      await eventually(async () => expect((await loadOf()).callsPerSecond).toBeGreaterThan(10), { withinMs });
      const { cpuShare, memoryBytes, connections, eventLoopDelayP99Ms } = await loadOf();
      expect(cpuShare).toBeGreaterThan(0);
      expect(cpuShare).toBeLessThanOrEqual(1);
      expect(memoryBytes).toBeGreaterThan(10_000_000);
      for (const figure of [connections, eventLoopDelayP99Ms]) expect(figure).toBeGreaterThanOrEqual(0);
    } finally {
      isCalling = false;
      await calling;
    }
    await eventually(isQuiet, { withinMs });
  });

  it('counts every call once on the bus', async () => {
    const plane = await enrolAndStart();
    await publishRoute();
    await eventually(async () => expect((await plane.call(host, '/all')).status).toBe(200), { withinMs });
    const before = await allOnBus(plane);
    await Promise.all(Array.from({ length: 50 }, () => plane.call(host, '/all')));
    await eventually(async () => expect(await callsOnBus()).toBe(before + 50), { withinMs });
  });

  it('refuses to give its token to a control plane whose CA the token does not name', async () => {
    const { token } = await scene.createToken();
    const forged = token.slice(0, -64) + '0'.repeat(64);
    await expect(start({ TOLLGATE_ENROL_TOKEN: forged })).rejects.toThrow(/CA of the control plane/);
    await expect(start({ TOLLGATE_ENROL_TOKEN: token })).resolves.toBeDefined();
  });

  it('ends with the reason when its token is refused', async () => {
    const { token } = await scene.createToken();
    const first = await start({ TOLLGATE_ENROL_TOKEN: token });
    await first.end('SIGTERM');
    await rm(join(stateDir, 'identity'), { recursive: true });
    await expect(start({ TOLLGATE_ENROL_TOKEN: token })).rejects.toThrow(/link\.token_refused/);
  });

  it('serves from disk after kill -9 while the control plane cannot be reached, and sends later what it counted', async () => {
    const first = await enrolAndStart();
    await publishRoute();
    await eventually(async () => expect((await first.call(host, '/all')).status).toBe(200), { withinMs });
    await eventually(async () => expect((await first.status()).cacheIsCurrent).toBe(true), { withinMs });
    const counted = await allOnBus(first);
    await first.end('SIGKILL');

    const cutOff = await start({ TOLLGATE_LINK_URL: 'https://127.0.0.1:9' });
    await ready(cutOff);
    for (let call = 0; call < 5; call += 1) expect((await cutOff.call(host, '/all')).status).toBe(200);
    await eventually(async () => expect((await stat(join(stateDir, 'usage.wal'))).size).toBeGreaterThan(0), {
      withinMs,
    });
    await eventually(async () => expect((await cutOff.status()).usage?.pendingRows).toBeGreaterThan(0), { withinMs });
    await cutOff.end('SIGTERM');

    const back = await start();
    await eventually(async () => expect(await callsOnBus()).toBe(counted + 5), { withinMs });
    expect((await back.call(host, '/all')).status).toBe(200);
  });

  it('keeps nothing readable of its configuration on disk', async () => {
    const plane = await enrolAndStart();
    await publishRoute('secret-path');
    await eventually(async () => expect((await plane.call(host, '/secret-path')).status).toBe(200), { withinMs });
    await plane.end('SIGTERM');
    const cached = await readFile(join(stateDir, 'config.bin'));
    expect(cached.includes('secret-path')).toBe(false);
  });

  it('starts without its cache when the cache was damaged', async () => {
    const first = await enrolAndStart();
    await publishRoute();
    await eventually(async () => expect((await first.call(host, '/all')).status).toBe(200), { withinMs });
    await first.end('SIGTERM');
    await writeFile(join(stateDir, 'config.bin'), 'damaged');
    const second = await start();
    await eventually(async () => expect((await second.call(host, '/all')).status).toBe(200), { withinMs });
  });

  it('refuses configuration that does not have its hash, serves the last good one, and recovers', async () => {
    const first = await enrolAndStart();
    const revision = await publishRoute();
    await eventually(async () => expect((await first.call(host, '/all')).status).toBe(200), { withinMs });
    await first.end('SIGTERM');
    const setHash = (hash: string) =>
      manager.database.query<{ hash: string }>(
        `update gateway.sequence_heads new set hash = $1 from gateway.sequence_heads old
         where new.group_id = $2 and new.sequence = 'revision' and old.group_id = $2 and old.sequence = 'revision'
         returning old.hash`,
        [hash, scene.group.id],
      );
    const [right] = await setHash('1'.repeat(64));

    const second = await start();
    const groups = async () => (await readDataPlane(second)).groups;
    const refusal = { sequence: 'revision', position: revision, reason: 'hash-mismatch' };
    await eventually(async () => expect(await groups()).toMatchObject([{ refusal }]), { withinMs });
    expect((await second.call(host, '/all')).status).toBe(200);
    await setHash(right?.hash ?? '');
    await eventually(async () => expect(await groups()).toMatchObject([{ revision, refusal: null }]), { withinMs });
  });

  it('renews its certificate when a third of its time is over, and goes on with the new one', async () => {
    const first = await enrolAndStart();
    await ready(first);
    await first.end('SIGTERM');
    const path = join(stateDir, 'identity', 'identity.json');
    const read = async () => JSON.parse(await readFile(path, 'utf8')) as { certificateChain: string };
    const { certificateChain, ...identity } = await read();
    await writeFile(path, JSON.stringify({ ...identity, certificateChain, renewAt: new Date().toISOString() }));
    const second = await start();
    await eventually(async () => expect((await read()).certificateChain).not.toBe(certificateChain), { withinMs });
    const revision = await publishRoute();
    await eventually(async () => expect((await second.status()).groups).toMatchObject([{ revision }]), { withinMs });
  });

  it('goes on serving when it is revoked, and shows offline', async () => {
    const plane = await enrolAndStart();
    await publishRoute();
    await eventually(async () => expect((await plane.call(host, '/all')).status).toBe(200), { withinMs });
    const { dataPlaneId } = await plane.status();
    const path = `/api/v1/data-planes/${dataPlaneId}/revoke`;
    await manager.request(path, { tenantId: scene.tenant.tenantId, method: 'POST' });
    await eventually(async () => expect((await plane.status()).link).toBe('connecting'), { withinMs });
    expect((await plane.call(host, '/all')).status).toBe(200);
    expect((await readDataPlane(plane)).status).toBe('offline');
  });

  it('is taken out of service by a drain and comes back, serving all the while', async () => {
    const plane = await enrolAndStart();
    await publishRoute();
    await ready(plane);
    const { dataPlaneId } = await plane.status();
    const act = (verb: string) =>
      manager.request(`/api/v1/data-planes/${dataPlaneId}/${verb}`, {
        tenantId: scene.tenant.tenantId,
        method: 'POST',
      });
    await act('drain');
    await eventually(async () => expect(await plane.isReady()).toBe(false), { withinMs });
    await eventually(async () => expect((await plane.call(host, '/all')).status).toBe(200), { withinMs });
    await act('resume');
    await ready(plane);
  });
});

describe('a data plane behind a proxy', { timeout }, () => {
  let proxy: ConnectProxy;
  beforeEach(async () => {
    proxy = await startConnectProxy();
  });
  afterEach(() => proxy.close());

  const startBehindProxy = async () =>
    start({ TOLLGATE_ENROL_TOKEN: (await scene.createToken()).token, HTTPS_PROXY: proxy.url });

  it('goes through it for everything that it tells the control plane', async () => {
    const plane = await startBehindProxy();
    await eventually(async () => expect((await readDataPlane(plane)).status).toBe('online'), { withinMs });
    expect(proxy.tunnels).toBeGreaterThan(0);
  });

  it('comes back when its connections break, and gets what it missed', async () => {
    const plane = await startBehindProxy();
    await ready(plane);
    proxy.refuse(true);
    await eventually(async () => expect((await plane.status()).link).toBe('connecting'), { withinMs });
    const revision = await publishRoute();
    proxy.refuse(false);
    await eventually(async () => expect((await plane.status()).groups).toMatchObject([{ revision }]), { withinMs });
    expect((await plane.call(host, '/all')).status).toBe(200);
  });

  it('counts every call once although answers get lost', async () => {
    const plane = await startBehindProxy();
    await publishRoute();
    await eventually(async () => expect((await plane.call(host, '/all')).status).toBe(200), { withinMs });
    const before = await allOnBus(plane);
    proxy.loseAnswers(true);
    await Promise.all(Array.from({ length: 20 }, () => plane.call(host, '/all')));
    await eventually(async () => expect(await callsOnBus()).toBeGreaterThan(before), { withinMs });
    expect((await plane.status()).usage?.pendingRows).toBeGreaterThan(0);
    proxy.loseAnswers(false);
    await eventually(async () => expect((await plane.status()).usage?.pendingRows).toBe(0), { withinMs });
    expect(await allOnBus(plane)).toBe(before + 20);
  });
});

describe('the fleet', { timeout }, () => {
  it('is not made up when Redis loses its data', async () => {
    const plane = await enrolAndStart();
    await eventually(async () => expect((await readDataPlane(plane)).status).toBe('online'), { withinMs });
    const redis = manager.service.app.get<Redis>(REDIS, { strict: false });
    await redis.del('tg:fleet:heartbeats');
    const { lastSeenAt } = await readDataPlane(plane);
    const statuses = new Set<string>();
    await eventually(
      async () => {
        const seen = await readDataPlane(plane);
        statuses.add(seen.status);
        expect(seen.lastSeenAt).not.toBe(lastSeenAt);
        expect(seen.status).toBe('online');
      },
      { withinMs },
    );
    expect(statuses).not.toContain('degraded');
    expect(statuses).not.toContain('offline');
  });

  it('sees who falls silent as degraded, then offline, and who comes back as online', async () => {
    const plane = await enrolAndStart();
    await eventually(async () => expect((await readDataPlane(plane)).status).toBe('online'), { withinMs });
    const { dataPlaneId = '' } = await plane.status();
    const path = `/api/v1/data-planes/${dataPlaneId}`;
    const status = async () =>
      (await manager.request<DataPlane>(path, { tenantId: scene.tenant.tenantId })).body.status;
    await plane.end('SIGKILL');
    await eventually(async () => expect(await status()).toBe('offline'), { withinMs });
    await start();
    await eventually(async () => expect(await status()).toBe('online'), { withinMs });
    const events = await manager.database.query<{ to: string }>(
      `select envelope -> 'data' ->> 'to' as "to" from gateway.outbox where envelope ->> 'subject' = $1 order by id`,
      [dataPlaneId],
    );
    const bus = manager.service.app.get<EventBus>(EVENT_BUS, { strict: false });
    const told: string[] = events.map(({ to }) => to);
    const change = z.object({ subject: z.string(), data: z.object({ to: z.string() }) });
    for await (const { value } of bus.read('tollgate.gateway-manager.data-plane')) {
      const { subject, data } = change.parse(JSON.parse(value));
      if (subject === dataPlaneId) told.unshift(data.to);
    }
    expect(told).toEqual(expect.arrayContaining(['online', 'offline']));
  });
});
