import type { DataPlane } from '@tollgate/contracts/rest/gateway';
import { EVENT_BUS, type EventBus } from '@tollgate/messaging';
import { REDIS } from '@tollgate/platform';
import { eventually } from '@tollgate/testing';
import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { dataPlaneScene, timeout, withinMs } from './testing/data-plane-scene.ts';

const scene = dataPlaneScene();

describe('a data plane', { timeout }, () => {
  it('tells its load: calls show while they are made and are gone afterwards', async () => {
    const plane = await scene.enrolAndStart();
    await scene.publishRoute();
    await scene.serves(plane);
    const loadOf = async () => {
      const { load } = await scene.read(plane);
      if (load === null) throw new Error('it has told no load yet');
      return load;
    };
    const isQuiet = async () => expect((await loadOf()).callsPerSecond).toBe(0);
    await eventually(isQuiet, { withinMs });
    let isCalling = true;
    const calling = (async () => {
      while (isCalling) await Promise.all(Array.from({ length: 10 }, () => scene.call(plane, '/all')));
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

  it('goes on serving when it is revoked, and shows offline', async () => {
    const plane = await scene.enrolAndStart();
    await scene.publishRoute();
    await scene.serves(plane);
    await scene.act(plane, 'revoke');
    await eventually(async () => expect((await plane.status()).link).toBe('connecting'), { withinMs });
    expect(await scene.call(plane, '/all')).toBe(200);
    expect((await scene.read(plane)).status).toBe('offline');
  });

  it('is taken out of service by a drain and comes back, serving all the while', async () => {
    const plane = await scene.enrolAndStart();
    await scene.publishRoute();
    await scene.ready(plane);
    await scene.act(plane, 'drain');
    await eventually(async () => expect(await plane.isReady()).toBe(false), { withinMs });
    await scene.serves(plane);
    await scene.act(plane, 'resume');
    await scene.ready(plane);
  });
});

describe('the fleet', { timeout }, () => {
  it('is not made up when Redis loses its data', async () => {
    const plane = await scene.enrolAndStart();
    await eventually(async () => expect((await scene.read(plane)).status).toBe('online'), { withinMs });
    const redis = scene.manager.service.app.get<Redis>(REDIS, { strict: false });
    await redis.del('tg:fleet:heartbeats');
    const { lastSeenAt } = await scene.read(plane);
    const statuses = new Set<string>();
    await eventually(
      async () => {
        const seen = await scene.read(plane);
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
    const plane = await scene.enrolAndStart();
    await eventually(async () => expect((await scene.read(plane)).status).toBe('online'), { withinMs });
    const { dataPlaneId = '' } = await plane.status();
    const path = `/api/v1/data-planes/${dataPlaneId}`;
    const status = async () => (await scene.manager.request<DataPlane>(path, { tenantId: scene.tenantId })).body.status;
    await plane.end('SIGKILL');
    await eventually(async () => expect(await status()).toBe('offline'), { withinMs });
    await scene.start();
    await eventually(async () => expect(await status()).toBe('online'), { withinMs });
    const events = await scene.manager.database.query<{ to: string }>(
      `select envelope -> 'data' ->> 'to' as "to" from gateway.outbox where envelope ->> 'subject' = $1 order by id`,
      [dataPlaneId],
    );
    const bus = scene.manager.service.app.get<EventBus>(EVENT_BUS, { strict: false });
    const told: string[] = events.map(({ to }) => to);
    const change = z.object({ subject: z.string(), data: z.object({ to: z.string() }) });
    for await (const { value } of bus.read('tollgate.gateway-manager.data-plane')) {
      const { subject, data } = change.parse(JSON.parse(value));
      if (subject === dataPlaneId) told.unshift(data.to);
    }
    expect(told).toEqual(expect.arrayContaining(['online', 'offline']));
  });
});
