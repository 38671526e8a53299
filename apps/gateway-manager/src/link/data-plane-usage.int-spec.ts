import { eventually } from '@tollgate/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConnectProxy, startConnectProxy } from './testing/connect-proxy.ts';
import { dataPlaneScene, timeout, withinMs } from './testing/data-plane-scene.ts';

const scene = dataPlaneScene();
let proxy: ConnectProxy;

beforeEach(async () => {
  proxy = await startConnectProxy();
});
afterEach(() => proxy.close());

const startBehindProxy = () => scene.enrolAndStart({ HTTPS_PROXY: proxy.url });

describe('usage of a data plane', { timeout }, () => {
  it('counts every call once on the bus', async () => {
    const plane = await scene.enrolAndStart();
    await scene.publishRoute();
    await scene.serves(plane);
    const before = await scene.allOnBus(plane);
    await Promise.all(Array.from({ length: 50 }, () => scene.call(plane, '/all')));
    await eventually(async () => expect(await scene.callsOnBus()).toBe(before + 50), { withinMs });
  });

  it('counts every call once although answers get lost', async () => {
    const plane = await startBehindProxy();
    await scene.publishRoute();
    await scene.serves(plane);
    const before = await scene.allOnBus(plane);
    proxy.loseAnswers(true);
    await Promise.all(Array.from({ length: 20 }, () => scene.call(plane, '/all')));
    await eventually(async () => expect(await scene.callsOnBus()).toBeGreaterThan(before), { withinMs });
    expect((await plane.status()).usage?.pendingRows).toBeGreaterThan(0);
    proxy.loseAnswers(false);
    await eventually(async () => expect((await plane.status()).usage?.pendingRows).toBe(0), { withinMs });
    expect(await scene.allOnBus(plane)).toBe(before + 20);
  });
});
