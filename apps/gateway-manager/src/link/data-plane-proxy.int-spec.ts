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

describe('a data plane behind a proxy', { timeout }, () => {
  it('goes through it for everything that it tells the control plane', async () => {
    const plane = await startBehindProxy();
    await eventually(async () => expect((await scene.read(plane)).status).toBe('online'), { withinMs });
    expect(proxy.tunnels).toBeGreaterThan(0);
  });

  it('comes back when its connections break, and gets what it missed', async () => {
    const plane = await startBehindProxy();
    await scene.ready(plane);
    proxy.refuse(true);
    await eventually(async () => expect((await plane.status()).link).toBe('connecting'), { withinMs });
    const revision = await scene.publishRoute();
    proxy.refuse(false);
    await eventually(async () => expect((await plane.status()).groups).toMatchObject([{ revision }]), { withinMs });
    expect(await scene.call(plane, '/all')).toBe(200);
  });
});
