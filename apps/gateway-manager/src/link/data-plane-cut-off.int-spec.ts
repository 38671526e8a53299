import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@tollgate/testing';
import { describe, expect, it } from 'vitest';
import { dataPlaneScene, timeout, withinMs } from './testing/data-plane-scene.ts';

const scene = dataPlaneScene();

describe('a data plane with what it has on disk', { timeout }, () => {
  it('serves from disk after kill -9 while the control plane cannot be reached, and sends later what it counted', async () => {
    const first = await scene.enrolAndStart();
    await scene.publishRoute();
    await scene.serves(first);
    await eventually(async () => expect((await first.status()).cacheIsCurrent).toBe(true), { withinMs });
    const counted = await scene.allOnBus(first);
    await first.end('SIGKILL');

    const cutOff = await scene.start({ TOLLGATE_LINK_URL: 'https://127.0.0.1:9' });
    await scene.ready(cutOff);
    for (let call = 0; call < 5; call += 1) expect(await scene.call(cutOff, '/all')).toBe(200);
    await eventually(async () => expect((await stat(join(scene.stateDir, 'usage.wal'))).size).toBeGreaterThan(0), {
      withinMs,
    });
    await eventually(async () => expect((await cutOff.status()).usage?.pendingRows).toBeGreaterThan(0), { withinMs });
    await cutOff.end('SIGTERM');

    const back = await scene.start();
    await eventually(async () => expect(await scene.callsOnBus()).toBe(counted + 5), { withinMs });
    expect(await scene.call(back, '/all')).toBe(200);
  });

  it('keeps nothing readable of its configuration on disk', async () => {
    const plane = await scene.enrolAndStart();
    await scene.publishRoute('secret-path');
    await scene.serves(plane, '/secret-path');
    await plane.end('SIGTERM');
    const cached = await readFile(join(scene.stateDir, 'config.bin'));
    expect(cached.includes('secret-path')).toBe(false);
  });

  it('starts without its cache when the cache was damaged', async () => {
    const first = await scene.enrolAndStart();
    await scene.publishRoute();
    await scene.serves(first);
    await first.end('SIGTERM');
    await writeFile(join(scene.stateDir, 'config.bin'), 'damaged');
    const second = await scene.start();
    await scene.serves(second);
  });

  it('refuses configuration that does not have its hash, serves the last good one, and recovers', async () => {
    const first = await scene.enrolAndStart();
    const revision = await scene.publishRoute();
    await scene.serves(first);
    await first.end('SIGTERM');
    const setHash = (hash: string) =>
      scene.manager.database.query<{ hash: string }>(
        `update gateway.sequence_heads new set hash = $1 from gateway.sequence_heads old
         where new.group_id = $2 and new.sequence = 'revision' and old.group_id = $2 and old.sequence = 'revision'
         returning old.hash`,
        [hash, scene.group.id],
      );
    const [right] = await setHash('1'.repeat(64));

    const second = await scene.start();
    const groups = async () => (await scene.read(second)).groups;
    const refusal = { sequence: 'revision', position: revision, reason: 'hash-mismatch' };
    await eventually(async () => expect(await groups()).toMatchObject([{ refusal }]), { withinMs });
    expect(await scene.call(second, '/all')).toBe(200);
    await setHash(right?.hash ?? '');
    await eventually(async () => expect(await groups()).toMatchObject([{ revision, refusal: null }]), { withinMs });
  });
});
